import { Button, Checkbox, Fieldset, Group, Modal, Stack, Table, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useSession } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { counted } from "../../words/sureness";
import { Confirm, Item, Items, Mark, Part, Small } from "./pieces";
import { type Role, useKeepRole, usePermissions, useRemoveRole, useRoles } from "./queries";
import { type Permission, grouped } from "./roles";

/** What each role may do, in plain words; and roles of the workspace's own. */
export function Roles({ may }: { may: boolean }) {
  const roles = useRoles();
  const permissions = usePermissions();
  const [edited, setEdited] = useState<Role | "new" | null>(null);
  const [doomed, setDoomed] = useState<Role | null>(null);
  const own = (roles.data?.items ?? []).filter((role) => role.own);
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
      {(roles.isPending || permissions.isPending) && <Loading rows={2} />}
      {roles.data && permissions.data && <Compared roles={roles.data.items} permissions={permissions.data.items} />}
      {own.length > 0 && (
        <Items label="Roles of your own">
          {own.map((role) => (
            <Item
              key={role.name}
              title={role.name}
              badges={<Mark colour="indigo">your own</Mark>}
              actions={
                may && (
                  <>
                    <Button size="xs" variant="default" onClick={() => setEdited(role)} aria-label={`Change the role ${role.name}`}>
                      Change
                    </Button>
                    <Button size="xs" variant="default" onClick={() => setDoomed(role)} aria-label={`Remove the role ${role.name}`}>
                      Remove
                    </Button>
                  </>
                )
              }
            >
              <Small>May do {counted(role.permissions.length, "thing")}</Small>
            </Item>
          ))}
        </Items>
      )}
      {edited && <Editor role={edited === "new" ? null : edited} close={() => setEdited(null)} />}
      {doomed && <RemoveRole role={doomed} close={() => setDoomed(null)} />}
    </Part>
  );
}

/** Roles side by side: what each may do, thing by thing. */
function Compared({ roles, permissions }: { roles: Role[]; permissions: Permission[] }) {
  const held = new Map(roles.map((role) => [role.name, new Set(role.permissions)]));
  return (
    <Table.ScrollContainer minWidth={160 + 76 * roles.length} scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Roles side by side" } }}>
      <Table fz="sm" verticalSpacing={4} aria-label="What each role may do">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">It may</Table.Th>
            {roles.map((role) => (
              <Table.Th key={role.name} scope="col" ta="center" w={76} px={2} fz="xs" style={{ overflowWrap: "anywhere" }}>
                {role.name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        {grouped(permissions).map((group) => (
          <Table.Tbody key={group.title}>
            <Table.Tr>
              <Table.Th scope="rowgroup" colSpan={roles.length + 1} c="dimmed" fw={600} pt="sm">
                {group.title}
              </Table.Th>
            </Table.Tr>
            {group.permissions.map((one) => (
              <Table.Tr key={one.name}>
                <Table.Th scope="row" fw={400}>
                  {one.about}
                </Table.Th>
                {roles.map((role) => (
                  <Table.Td key={role.name} ta="center">
                    <Held held={held.get(role.name)?.has(one.name) ?? false} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        ))}
      </Table>
    </Table.ScrollContainer>
  );
}

function Held({ held }: { held: boolean }) {
  return (
    <>
      <Text span c={held ? "teal" : "dimmed"} aria-hidden="true">
        {held ? <Icon name="check" size={16} /> : "–"}
      </Text>
      <VisuallyHidden>{held ? "yes" : "no"}</VisuallyHidden>
    </>
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
