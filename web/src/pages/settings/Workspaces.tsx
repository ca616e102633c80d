import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useChooseWorkspace, useMay, useSession } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { day } from "../../words/figures";
import { Confirm, Item, Items, Mark, Part, Small } from "./pieces";
import { type Workspace, useChangeWorkspace, useMakeWorkspace, useWorkspaces } from "./queries";

/** The workspaces that one belongs to. */
export function Workspaces() {
  const workspaces = useWorkspaces();
  const may = useMay("workspaces:write");
  const [makes, setMakes] = useState(false);
  if (workspaces.isPending) return <Loading />;
  return (
    <Part
      title="Yours"
      about={may ? undefined : "An owner makes, renames and archives workspaces."}
      actions={
        may && (
          <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setMakes(true)}>
            Make a workspace
          </Button>
        )
      }
    >
      <Problem error={workspaces.error} retry={() => void workspaces.refetch()} />
      <Items label="Workspaces">
        {workspaces.data?.items.map((one) => (
          <One key={one.id} one={one} />
        ))}
      </Items>
      {makes && <Make close={() => setMakes(false)} />}
    </Part>
  );
}

function One({ one }: { one: Workspace }) {
  const { data: session } = useSession();
  const choose = useChooseWorkspace();
  const change = useChangeWorkspace();
  const go = useNavigate();
  const [renames, setRenames] = useState(false);
  const [asks, setAsks] = useState(false);
  const here = session?.workspace === one.id;
  return (
    <Item
      title={one.title}
      badges={
        <>
          {here && <Mark colour="teal">you are here</Mark>}
          {one.archived_at && <Mark>archived</Mark>}
        </>
      }
      actions={
        <>
          {!here && !one.archived_at && (
            <Button
              size="xs"
              variant="default"
              loading={choose.isPending}
              onClick={() => choose.mutate(one.id, { onSuccess: () => void go("/") })}
              aria-label={`Work there: ${one.title}`}
            >
              Work there
            </Button>
          )}
          {one.may_change && !one.archived_at && (
            <>
              <Button size="xs" variant="default" onClick={() => setRenames(true)} aria-label={`Rename ${one.title}`}>
                Rename
              </Button>
              <Button size="xs" variant="default" onClick={() => setAsks(true)} aria-label={`Archive… ${one.title}`}>
                Archive…
              </Button>
            </>
          )}
          {one.may_change && one.archived_at && (
            <Button
              size="xs"
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate({ id: one.id, archived: false })}
              aria-label={`Bring it back: ${one.title}`}
            >
              Bring it back
            </Button>
          )}
        </>
      }
    >
      <Small>
        {one.id}; made {day(one.created_at)}
        {one.archived_at ? `, archived ${day(one.archived_at)}` : ""}
      </Small>
      <Problem error={choose.error ?? (asks ? null : change.error)} />
      {renames && <Rename one={one} close={() => setRenames(false)} />}
      <Confirm
        title={`Archive ${one.title}?`}
        opened={asks}
        close={() => {
          change.reset();
          setAsks(false);
        }}
        yes="Archive"
        act={() => change.mutate({ id: one.id, archived: true }, { onSuccess: () => setAsks(false) })}
        busy={change.isPending}
        error={change.error}
      >
        Nobody sees it any more, its keys open nothing, and nothing is fetched or watched in it. All of it is kept: an owner brings it back
        here.
      </Confirm>
    </Item>
  );
}

function Rename({ one, close }: { one: Workspace; close: () => void }) {
  const change = useChangeWorkspace();
  const [title, setTitle] = useState(one.title);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ id: one.id, title: title.trim() }, { onSuccess: close });
  };
  return (
    <Modal opened onClose={close} title={`Rename ${one.title}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            description={`Its address here stays ${one.id}.`}
            required
            maxLength={200}
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Problem error={change.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** A short name that an address can hold: "Müller & Söhne" becomes "muller-sohne". */
export function shortName(title: string): string {
  const plain = title
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64);
}

function Make({ close }: { close: () => void }) {
  const make = useMakeWorkspace();
  const [title, setTitle] = useState("");
  const [own, setOwn] = useState<string | null>(null);
  const id = own ?? shortName(title);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ id, title: title.trim() }, { onSuccess: close });
  };
  return (
    <Modal opened onClose={close} title="Make a workspace" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            placeholder="Shop North"
            required
            maxLength={200}
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <TextInput
            label="Short name"
            description="For programs, and for good: lower case letters, digits, - and _"
            required
            pattern="[a-z0-9][a-z0-9_\-]{0,63}"
            value={id}
            onChange={(event) => setOwn(event.currentTarget.value)}
          />
          <Small>You own it. It begins empty; others come by an invitation of its own.</Small>
          <Problem error={make.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={make.isPending}>
              Make it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
