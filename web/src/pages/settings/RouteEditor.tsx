import { Button, Checkbox, Fieldset, Group, PasswordInput, Select, Stack, Switch, TextInput, Textarea, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link, Navigate, useNavigate, useParams } from "react-router";
import { useMay } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { capital } from "../../words/sureness";
import { type Notices, type Route, useNotices, useSetNotices } from "./queries";
import { KINDS, type Option, SEVERITIES, STEPS, WEEKDAYS, freshRoute, isKept, madeSecret, transportOf } from "./transports";

/** One way by which people are told: where to, of what, and when. */
export function RouteEditor() {
  const { way, name = "" } = useParams();
  const notices = useNotices();
  const may = useMay("notices:write");
  if (!may) {
    return (
      <Empty icon="lock" title="Your role does not change who is told">
        An owner or a manager of this workspace does.
      </Empty>
    );
  }
  if (notices.isPending) return <Loading />;
  if (!notices.data) return <Problem error={notices.error} retry={() => void notices.refetch()} />;
  const there = notices.data.set?.routes[name];
  if (way === "change" && there) return <Form key={name} told={notices.data} name={name} route={there} />;
  if (way === "add" && notices.data.transports.includes(name))
    return <Form key={name} told={notices.data} name="" route={freshRoute(name)} />;
  return <Navigate to="/settings/notices" replace />;
}

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function Form({ told, name, route }: { told: Notices; name: string; route: Route }) {
  const transport = transportOf(route.to);
  const set = useSetNotices();
  const go = useNavigate();
  const [called, setCalled] = useState(name);
  const [now, setNow] = useState(route);
  const [zone, setZone] = useState(told.set?.time_zone || HERE);
  const [options, setOptions] = useState(() => shownOptions(transport.options, route.options ?? {}));
  const change = (some: Partial<Route>) => setNow({ ...now, ...some });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const routes = {
      ...(told.set?.routes ?? {}),
      [called]: { ...now, options: sentOptions(transport.options, options, route.options ?? {}) },
    };
    set.mutate(
      { time_zone: zone, link: told.set?.link || window.location.origin, routes },
      { onSuccess: () => void go("/settings/notices", { state: { said: `${called} is kept. Send a test, to see that it arrives.` } }) },
    );
  };
  const taken = !name && Object.keys(told.set?.routes ?? {}).includes(called);
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack maw={640} gap="lg">
        <Title order={2} size="h4">
          {name ? `Change ${name}` : `Tell somebody: ${transport.name}`}
        </Title>
        {!name && (
          <TextInput
            label="Name"
            description="What you call it: lower case letters, digits, - and _"
            placeholder="team"
            required
            pattern="[a-z0-9][a-z0-9_\-]{0,63}"
            error={taken ? "There is one of this name already." : undefined}
            value={called}
            onChange={(event) => setCalled(event.currentTarget.value)}
          />
        )}
        {transport.options.length > 0 && (
          <Fieldset legend="Where to">
            <Stack>
              {transport.options.map((option) => (
                <Entry
                  key={option.key}
                  option={option}
                  kept={isKept(route.options?.[option.key])}
                  value={options[option.key] ?? ""}
                  change={(value) => setOptions({ ...options, [option.key]: value })}
                />
              ))}
            </Stack>
          </Fieldset>
        )}
        <Fieldset legend="Of what">
          <Stack>
            <Select
              label="How grave"
              data={SEVERITIES}
              value={now.from_severity ?? "info"}
              allowDeselect={false}
              onChange={(value) => change({ from_severity: (value ?? "info") as Route["from_severity"] })}
            />
            <Checkbox.Group
              label="Only these kinds"
              description="None ticked: all"
              value={now.kinds ?? []}
              onChange={(kinds) => change({ kinds })}
            >
              <Stack gap="xs" mt="xs">
                {KINDS.map((kind) => (
                  <Checkbox key={kind.value} value={kind.value} label={kind.label} />
                ))}
              </Stack>
            </Checkbox.Group>
            <Checkbox.Group
              label="When something"
              description="None ticked: each time"
              value={now.steps ?? []}
              onChange={(steps) => change({ steps: steps as Route["steps"] })}
            >
              <Group mt="xs">
                {STEPS.map((step) => (
                  <Checkbox key={step.value} value={step.value} label={step.label} />
                ))}
              </Group>
            </Checkbox.Group>
          </Stack>
        </Fieldset>
        <When now={now} change={change} zone={zone} setZone={setZone} several={Object.keys(told.set?.routes ?? {}).length > 1} />
        <Problem error={set.error} />
        <Group>
          <Button type="submit" loading={set.isPending} disabled={taken}>
            Keep it
          </Button>
          <Button component={Link} to="/settings/notices" variant="default">
            Leave it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface WhenAsked {
  now: Route;
  change: (some: Partial<Route>) => void;
  zone: string;
  setZone: (zone: string) => void;
  several: boolean;
}

function When({ now, change, zone, setZone, several }: WhenAsked) {
  const [first = "", last = ""] = (now.quiet ?? "").split("-");
  const quiet = (from: string, to: string) => change({ quiet: from || to ? `${from || "22:00"}-${to || "07:00"}` : "" });
  const [rhythm = "", time = "08:00"] = (now.digest ?? "").split(" ");
  return (
    <Fieldset legend="When">
      <Stack>
        <Group align="flex-end">
          <Select
            label="How often"
            data={[
              { value: "", label: "At once" },
              { value: "daily", label: "Gathered, each day" },
              ...WEEKDAYS.map((day) => ({ value: day, label: `Gathered, each ${capital(day)}` })),
            ]}
            value={rhythm}
            allowDeselect={false}
            onChange={(value) => change({ digest: value ? `${value} ${time}` : "" })}
          />
          {rhythm && (
            <TextInput
              type="time"
              label="At"
              required
              value={time}
              onChange={(event) => change({ digest: `${rhythm} ${event.currentTarget.value}` })}
            />
          )}
        </Group>
        <Switch
          label="Quiet hours"
          description="What comes then is told together afterwards."
          checked={Boolean(now.quiet)}
          onChange={(event) => quiet(event.currentTarget.checked ? "22:00" : "", "")}
        />
        {now.quiet && (
          <Group>
            <TextInput type="time" label="From" required value={first} onChange={(event) => quiet(event.currentTarget.value, last)} />
            <TextInput type="time" label="To" required value={last} onChange={(event) => quiet(first, event.currentTarget.value)} />
          </Group>
        )}
        <Checkbox.Group label="Quiet days" value={now.quiet_days ?? []} onChange={(days) => change({ quiet_days: days })}>
          <Group mt="xs">
            {WEEKDAYS.map((day) => (
              <Checkbox key={day} value={day} label={capital(day)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Switch
          label="What is critical is told at once in any case"
          checked={now.critical_passes ?? false}
          onChange={(event) => change({ critical_passes: event.currentTarget.checked })}
        />
        <Select
          label="Whose clock"
          description={several ? "Of all ways of this workspace" : undefined}
          searchable
          data={[...new Set(["UTC", HERE, zone, ...Intl.supportedValuesOf("timeZone")])]}
          value={zone}
          allowDeselect={false}
          onChange={(value) => setZone(value ?? zone)}
        />
      </Stack>
    </Fieldset>
  );
}

function Entry({ option, kept, value, change }: { option: Option; kept: boolean; value: string; change: (value: string) => void }) {
  const shared = {
    label: option.label,
    description: kept ? `${option.where} It is kept sealed; leave this empty to keep it.` : option.where,
    required: !option.optional && !kept,
    value,
    autoComplete: "off",
  };
  if (option.choices)
    return (
      <Select
        {...shared}
        data={option.choices}
        value={value || (option.choices[0]?.value ?? "")}
        allowDeselect={false}
        onChange={(chosen) => change(chosen ?? "")}
      />
    );
  if (option.secret) {
    return (
      <Stack gap={4}>
        <PasswordInput {...shared} autoComplete="new-password" onChange={(event) => change(event.currentTarget.value)} />
        {option.key === "secrets" && (
          <div>
            <Button size="xs" variant="subtle" onClick={() => change(madeSecret())}>
              Make one
            </Button>
          </div>
        )}
      </Stack>
    );
  }
  if (option.many) return <Textarea {...shared} autosize minRows={2} onChange={(event) => change(event.currentTarget.value)} />;
  return <TextInput {...shared} type={option.number ? "number" : "text"} onChange={(event) => change(event.currentTarget.value)} />;
}

/** Options as texts to be edited; what is sealed shows empty. */
function shownOptions(known: Option[], options: Record<string, unknown>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { key } of known) {
    const value = options[key];
    if (value === undefined || isKept(value)) continue;
    found[key] = Array.isArray(value) ? value.join("\n") : String(value);
  }
  return found;
}

/** Options as the server takes them: what was left empty and is sealed stays as it is; what the form does not know, too. */
function sentOptions(known: Option[], given: Record<string, string>, before: NonNullable<Route["options"]>): NonNullable<Route["options"]> {
  const names = new Set(known.map((option) => option.key));
  const found: NonNullable<Route["options"]> = Object.fromEntries(Object.entries(before).filter(([key]) => !names.has(key)));
  for (const option of known) {
    const text = (given[option.key] ?? "").trim();
    const old = before[option.key];
    if (!text) {
      if (isKept(old) && old !== undefined) found[option.key] = old;
    } else if (option.many)
      found[option.key] = text
        .split(/[\n,]+/)
        .map((one) => one.trim())
        .filter(Boolean);
    else found[option.key] = option.number ? Number(text) : text;
  }
  return found;
}
