import { Accordion, Button, Checkbox, Fieldset, Group, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useSession } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";
import { counted } from "../../words/sureness";
import { Confirm, Mark, Part } from "./pieces";
import { type Role, useKeepRole, usePermissions, useRemoveRole, useRoles } from "./queries";
import { aboutRole, grouped } from "./roles";

/** What each role may do, in plain words; and roles of the workspace's own. */
export function Roles({ may }: { may: boolean }) {
  const roles = useRoles();
  const permissions = usePermissions();
  const [edited, setEdited] = useState<Role | "new" | null>(null);
  const [doomed, setDoomed] = useState<Role | null>(null);
  return (
    <Part
      title="Roles"
      about="What people may do here follows from their role alone."
      actions={
        may && (
          <Button variant="default" onClick={() => setEdited("new")}>
            Make a role
          </Button>
        )
      }
    >
      <Problem error={roles.error ?? permissions.error} retry={() => void roles.refetch()} />
      <Accordion variant="separated" chevronPosition="left">
        {roles.data?.items.map((role) => (
          <Accordion.Item key={role.name} value={role.name}>
            <Accordion.Control>
              <Group gap="xs">
                <Text fw={600}>{role.name}</Text>
                {role.own && <Mark colour="indigo">your own</Mark>}
                <Text size="sm" c="dimmed">
                  {role.own ? counted(role.permissions.length, "permission") : aboutRole(role.name)}
                </Text>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Told role={role} all={permissions.data?.items ?? []} />
              {may && role.own && (
                <Group mt="sm">
                  <Button size="xs" variant="default" onClick={() => setEdited(role)}>
                    Change
                  </Button>
                  <Button size="xs" variant="default" onClick={() => setDoomed(role)}>
                    Remove
                  </Button>
                </Group>
              )}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {edited && <Editor role={edited === "new" ? null : edited} close={() => setEdited(null)} />}
      {doomed && <RemoveRole role={doomed} close={() => setDoomed(null)} />}
    </Part>
  );
}

function Told({ role, all }: { role: Role; all: { name: string; about: string }[] }) {
  const held = new Set(role.permissions);
  const not = all.filter((one) => !held.has(one.name));
  return (
    <Stack gap="sm">
      <Told1 title="May" colour="teal" permissions={all.filter((one) => held.has(one.name))} />
      {not.length > 0 && <Told1 title="May not" colour="dimmed" permissions={not} />}
    </Stack>
  );
}

function Told1({ title, colour, permissions }: { title: string; colour: string; permissions: { name: string; about: string }[] }) {
  return (
    <div>
      <Text fw={600} size="sm">
        {title}
      </Text>
      <List size="sm" c={colour === "dimmed" ? "dimmed" : undefined} icon={<Icon name={colour === "teal" ? "check" : "lock"} size={14} />}>
        {permissions.map((one) => (
          <List.Item key={one.name}>{one.about}</List.Item>
        ))}
      </List>
    </div>
  );
}

function Editor({ role, close }: { role: Role | null; close: () => void }) {
  const { data: session } = useSession();
  const permissions = usePermissions();
  const keep = useKeepRole();
  const [name, setName] = useState(role?.name ?? "");
  const [held, setHeld] = useState(role?.permissions ?? []);
  const mine = new Set(session?.permissions ?? []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keep.mutate({ name, permissions: held }, { onSuccess: close });
  };
  return (
    <Modal
      opened
      onClose={close}
      title={role ? `The role ${role.name}` : "Make a role"}
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit}>
        <Stack>
          {!role && (
            <TextInput
              label="Name"
              description="Lower case letters, digits and -"
              placeholder="planner"
              required
              pattern="[a-z][a-z0-9\-]{0,63}"
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <Checkbox.Group value={held} onChange={setHeld}>
            <Stack gap="xs">
              {grouped(permissions.data?.items ?? []).map((group) => (
                <Fieldset key={group.title} legend={group.title}>
                  <Stack gap="xs">
                    {group.permissions.map((one) => (
                      <Checkbox key={one.name} value={one.name} label={one.about} disabled={!mine.has(one.name)} />
                    ))}
                  </Stack>
                </Fieldset>
              ))}
            </Stack>
          </Checkbox.Group>
          {role && (
            <Text size="sm" c="dimmed">
              It changes what everybody with this role may do, from their next click on.
            </Text>
          )}
          <Problem error={keep.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Leave it
            </Button>
            <Button type="submit" loading={keep.isPending} disabled={held.length === 0}>
              Keep this role
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function RemoveRole({ role, close }: { role: Role; close: () => void }) {
  const remove = useRemoveRole();
  return (
    <Confirm
      title={`Remove the role ${role.name}?`}
      opened
      close={close}
      yes="Remove"
      act={() => remove.mutate(role.name, { onSuccess: close })}
      busy={remove.isPending}
      error={remove.error}
    >
      Nobody can be given it any more. Whoever has it needs another role first.
    </Confirm>
  );
}
