import { Button, Menu, Modal, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { useMay, useSession } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { day, moment } from "../../words/figures";
import { Invitations } from "./Invitations";
import { Roles } from "./Roles";
import { Confirm, Item, Items, Mark, Once, Part, Small } from "./pieces";
import { type Person, useGiveRole, useInvite, usePasswordLink, usePeople, useRemovePerson, useRoles } from "./queries";
import { aboutRole, roleChoices } from "./roles";

/** Who works here and as what; who is invited; what each role may do. */
export function People() {
  const people = usePeople();
  const may = useMay("people:write");
  const [invites, setInvites] = useState(false);
  if (people.isPending) return <Loading />;
  return (
    <Stack gap="xl">
      <Part
        title="Who works here"
        about={may ? undefined : "An owner invites people and gives roles."}
        actions={
          may && (
            <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setInvites(true)}>
              Invite somebody
            </Button>
          )
        }
      >
        <Problem error={people.error} retry={() => void people.refetch()} />
        <Items label="People">
          {people.data?.items.map((person) => (
            <One key={person.id} person={person} may={may} />
          ))}
        </Items>
        {people.data?.next && <Small>The first 500 are shown.</Small>}
      </Part>
      <Invitations may={may} />
      <Roles may={may} />
      {invites && <Invite close={() => setInvites(false)} />}
    </Stack>
  );
}

type Doing = "role" | "link" | "remove" | null;

function One({ person, may }: { person: Person; may: boolean }) {
  const { data: session } = useSession();
  const [doing, setDoing] = useState<Doing>(null);
  const me = session?.id === person.id;
  const close = () => setDoing(null);
  return (
    <Item
      title={person.name || person.email}
      badges={
        <>
          <Mark colour={person.role === "owner" ? "indigo" : "gray"}>{person.role}</Mark>
          {me && <Mark colour="teal">you</Mark>}
          {person.disabled && <Mark colour="red">kept out</Mark>}
        </>
      }
      actions={
        may ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="xs" variant="default" px="xs" aria-label={`Change ${person.email}`}>
                <Icon name="more" size={18} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDoing("role")}>Another role…</Menu.Item>
              {!me && <Menu.Item onClick={() => setDoing("link")}>Link for a new password…</Menu.Item>}
              {me && (
                <Menu.Item component={Link} to="/settings/you">
                  Your own account
                </Menu.Item>
              )}
              <Menu.Item color="red" onClick={() => setDoing("remove")}>
                {me ? "Leave this workspace…" : "Take out of the workspace…"}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : undefined
      }
    >
      <Small>
        {person.email}; here since {day(person.since)}; {person.second_factor ? "second factor on" : "signs in without a second factor"}
      </Small>
      {doing === "role" && <GiveRole person={person} close={close} />}
      {doing === "link" && <PasswordLink person={person} close={close} />}
      {doing === "remove" && <Remove person={person} me={me} close={close} />}
    </Item>
  );
}

function GiveRole({ person, close }: { person: Person; close: () => void }) {
  const roles = useRoles();
  const give = useGiveRole();
  const [role, setRole] = useState(person.role);
  return (
    <Confirm
      title={`Another role for ${person.name || person.email}`}
      opened
      close={close}
      yes="Give this role"
      harmless
      act={() => give.mutate({ id: person.id, role }, { onSuccess: close })}
      busy={give.isPending}
      error={give.error ?? roles.error}
    >
      <Stack gap="sm">
        <Select
          label="Role"
          data={roleChoices(roles.data?.items ?? [])}
          value={role}
          onChange={(value) => setRole(value ?? person.role)}
          allowDeselect={false}
        />
        <Text size="sm" c="dimmed">
          It holds from their next click on. What they did so far stays.
        </Text>
      </Stack>
    </Confirm>
  );
}

function Remove({ person, me, close }: { person: Person; me: boolean; close: () => void }) {
  const remove = useRemovePerson();
  return (
    <Confirm
      title={me ? "Leave this workspace?" : `Take ${person.name || person.email} out of this workspace?`}
      opened
      close={close}
      yes={me ? "Leave" : "Take out"}
      act={() => remove.mutate(person.id, { onSuccess: close })}
      busy={remove.isPending}
      error={remove.error}
    >
      {me ? "You see nothing of it any more, at once." : "They see nothing of it any more, at once."} Keys that {me ? "you" : "they"} made
      here stop working. Briefs and plans stay, and so does what belongs to other workspaces. To come back takes an invitation.
    </Confirm>
  );
}

function PasswordLink({ person, close }: { person: Person; close: () => void }) {
  const make = usePasswordLink();
  const [off, setOff] = useState(false);
  if (make.data) {
    return (
      <Modal opened onClose={close} title="Link for a new password" closeButtonProps={{ "aria-label": "Close" }}>
        <Once label="One-time link" text={make.data.link}>
          Hand this to {person.email} and nobody else. It works once, until {moment(make.data.expires_at)}, and is shown only now.
        </Once>
      </Modal>
    );
  }
  return (
    <Confirm
      title={`A link for a new password for ${person.name || person.email}`}
      opened
      close={close}
      yes="Make the link"
      harmless
      act={() => make.mutate({ id: person.id, off })}
      busy={make.isPending}
      error={make.error}
    >
      <Stack gap="sm">
        <Text>For somebody who is locked out. Whoever opens the link sets a new password, and is signed out everywhere else.</Text>
        {person.second_factor && (
          <Switch
            label="Turn the second factor off too"
            description="Where the phone is lost, and the recovery codes as well."
            checked={off}
            onChange={(event) => setOff(event.currentTarget.checked)}
          />
        )}
      </Stack>
    </Confirm>
  );
}

function Invite({ close }: { close: () => void }) {
  const roles = useRoles();
  const invite = useInvite();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("viewer");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ email: email.trim(), role });
  };
  const own = roles.data?.items.find((one) => one.name === role)?.own;
  return (
    <Modal opened onClose={close} title="Invite somebody" closeButtonProps={{ "aria-label": "Close" }}>
      {invite.data ? (
        <Once label="One-time link" text={invite.data.link}>
          Hand this link to {invite.data.email}, by mail or as you like. It works once, until {moment(invite.data.expires_at)}, and is shown
          only now.
        </Once>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="E-mail"
              type="email"
              required
              data-autofocus
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Select
              label="Role"
              data={(roles.data?.items ?? []).map((one) => one.name)}
              description={aboutRole(role, own)}
              value={role}
              onChange={(value) => setRole(value ?? role)}
              allowDeselect={false}
            />
            <Problem error={invite.error ?? roles.error} />
            <Button type="submit" loading={invite.isPending}>
              Make the invitation
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
