import { Button, Group, Modal, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useSession } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ago, moment } from "../../words/figures";
import { counted } from "../../words/sureness";
import { Confirm, Item, Items, Mark, Once, Part, Small } from "./pieces";
import { type ApiKey, useKeys, useMakeKey, usePermissions, useRevokeKey } from "./queries";
import { grouped } from "./roles";

/** Keys for programs: who made them, what they open, when they were used last. */
export function Keys() {
  const keys = useKeys();
  const [makes, setMakes] = useState(false);
  if (keys.isPending) return <Loading />;
  const all = keys.data?.items ?? [];
  const holds = all.filter(stillHolds);
  const make = (
    <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setMakes(true)}>
      Make a key
    </Button>
  );
  return (
    <Stack gap="xl">
      <Problem error={keys.error} retry={() => void keys.refetch()} />
      {keys.data && all.length === 0 && (
        <Empty icon="lock" title="No key was made yet" actions={make}>
          A program that works with marketmover, a report or an import by night, shows a key. It opens this workspace alone, and no more
          than you choose.
        </Empty>
      )}
      {all.length > 0 && (
        <Part title="Keys that work" actions={make} about="A key can never do more than whoever made it, and stops when they leave.">
          {holds.length === 0 && <Text c="dimmed">None: all have ended or were revoked.</Text>}
          <Items label="Keys that work">
            {holds.map((key) => (
              <One key={key.id} one={key} />
            ))}
          </Items>
        </Part>
      )}
      {holds.length < all.length && (
        <Part title="Keys that hold no more">
          <Items label="Keys that hold no more">
            {all
              .filter((key) => !stillHolds(key))
              .map((key) => (
                <One key={key.id} one={key} />
              ))}
          </Items>
        </Part>
      )}
      {makes && <Make close={() => setMakes(false)} />}
    </Stack>
  );
}

const stillHolds = (key: ApiKey) => !key.revoked_at && (!key.expires_at || Date.parse(key.expires_at) > Date.now());

function One({ one }: { one: ApiKey }) {
  const permissions = usePermissions();
  const revoke = useRevokeKey();
  const [asks, setAsks] = useState(false);
  const about = new Map(permissions.data?.items.map((permission) => [permission.name, permission.about]));
  const ends = one.revoked_at
    ? `revoked ${moment(one.revoked_at)}`
    : one.expires_at
      ? `ends ${moment(one.expires_at)}`
      : "does not end by itself";
  const holds = stillHolds(one);
  return (
    <Item
      title={one.name}
      badges={!holds && <Mark colour="red">{one.revoked_at ? "revoked" : "ended"}</Mark>}
      actions={
        holds && (
          <Button size="xs" variant="default" onClick={() => setAsks(true)} aria-label={`Revoke… ${one.name}`}>
            Revoke…
          </Button>
        )
      }
    >
      <Text size="sm">{one.used_at ? `Last used ${ago(one.used_at)}` : "Never used"}</Text>
      <Small>
        Made by {one.made_by}, {moment(one.made_at)}; {ends}
      </Small>
      <details>
        <summary>May do {counted(one.permissions.length, "thing")}</summary>
        <Small>
          {one.permissions.map((name) => (
            <div key={name}>{about.get(name) ?? name}</div>
          ))}
        </Small>
      </details>
      <Confirm
        title={`Revoke the key ${one.name}?`}
        opened={asks}
        close={() => setAsks(false)}
        yes="Revoke"
        act={() => revoke.mutate(one.id, { onSuccess: () => setAsks(false) })}
        busy={revoke.isPending}
        error={revoke.error}
      >
        Programs that show it are refused at once, and for good.{" "}
        {one.used_at ? `It was last used ${ago(one.used_at)}.` : "It was never used."}
      </Confirm>
    </Item>
  );
}

const LASTS = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "a year" },
  { value: "", label: "until it is revoked" },
];
const PRESETS = [
  { value: "read", label: "Read all that I may read" },
  { value: "analyst", label: "What an analyst may" },
  { value: "manager", label: "What a manager may" },
  { value: "", label: "Choose one by one" },
];

function Make({ close }: { close: () => void }) {
  const { data: session } = useSession();
  const permissions = usePermissions();
  const make = useMakeKey();
  const [name, setName] = useState("");
  const [preset, setPreset] = useState("read");
  const [chosen, setChosen] = useState<string[]>([]);
  const [days, setDays] = useState("90");
  const mine = (permissions.data?.items ?? []).filter((one) => session?.permissions?.includes(one.name));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ name: name.trim(), scopes: preset ? [preset] : chosen, expires_days: days ? Number(days) : null });
  };
  return (
    <Modal
      opened
      onClose={close}
      title={make.data ? `The key ${make.data.name}` : "Make a key"}
      closeOnClickOutside={!make.data}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {make.data ? (
        <Stack>
          <Once label="Key" text={make.data.key}>
            Put it where the program keeps its secrets. It is shown only now: who loses it makes another.
          </Once>
          <Button onClick={close}>I have put it away</Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="Name"
              description="What it is for"
              placeholder="nightly report"
              required
              maxLength={100}
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Select label="It may" data={PRESETS} value={preset} allowDeselect={false} onChange={(value) => setPreset(value ?? "")} />
            {!preset && (
              <MultiSelect
                label="Which things"
                searchable
                required
                data={grouped(mine).map((group) => ({
                  group: group.title,
                  items: group.permissions.map((one) => ({ value: one.name, label: one.about })),
                }))}
                value={chosen}
                onChange={setChosen}
              />
            )}
            <Select label="It works" data={LASTS} value={days} allowDeselect={false} onChange={(value) => setDays(value ?? "")} />
            <Problem error={make.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Leave it
              </Button>
              <Button type="submit" loading={make.isPending} disabled={!preset && chosen.length === 0}>
                Make the key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
