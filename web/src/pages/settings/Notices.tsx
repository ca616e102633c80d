import { Alert, Button, Menu, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { useJob, useJobResult } from "../../api/queries";
import { useMay } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { moment } from "../../words/figures";
import { Deliveries } from "./Deliveries";
import { Confirm, Done, Item, Items, Mark, Part, Small } from "./pieces";
import { type Notices as Told, useForgetNotices, useNotices, useSetNotices, useTestRoute } from "./queries";
import { transportOf, wordsOf } from "./transports";

/** Who is told of what, a test of each way, and what became of what was told. */
export function Notices() {
  const notices = useNotices();
  const may = useMay("notices:write");
  const said = (useLocation().state as { said?: string } | null)?.said;
  if (notices.isPending) return <Loading />;
  if (!notices.data) return <Problem error={notices.error} retry={() => void notices.refetch()} />;
  const told = notices.data;
  const add = may && told.source !== "file" && <Add transports={told.transports} />;
  return (
    <Stack gap="xl">
      {said && <Done>{said}</Done>}
      <Part
        title="Who is told"
        about={
          told.changed_by
            ? `Last changed by ${told.changed_by}, ${moment(told.changed_at ?? "")}`
            : "Alerts of running plans, accounts that cannot be fetched, plans that could not be sent, what clients said."
        }
        actions={told.routes.length > 0 && add}
      >
        {told.source === "file" && <OnServer told={told} may={may} />}
        {told.source === "none" && (
          <Empty icon="send" title="Nobody is told of anything yet" actions={add}>
            {may
              ? "Alerts show on Home and under Monitor in any case. Add a way, and they also come by mail, to Slack or Teams, or to a program of yours."
              : "An owner or a manager chooses who is told. Alerts show on Home and under Monitor in any case."}
          </Empty>
        )}
        <Items label="Who is told">
          {told.routes.map((route) => (
            <One key={route.route} route={route} told={told} may={may} />
          ))}
        </Items>
        {may && told.source === "api" && <TakeBack />}
      </Part>
      <Deliveries may={may} />
    </Stack>
  );
}

function Add({ transports }: { transports: string[] }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<Icon name="plus" size={18} />}>Tell somebody</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {["mail", "slack", "teams", "webhook", ...transports.filter((one) => !["mail", "slack", "teams", "webhook"].includes(one))]
          .filter((one) => transports.includes(one))
          .map((one) => (
            <Menu.Item key={one} component={Link} to={`/settings/notices/add/${one}`}>
              {transportOf(one).name}
              <Text size="xs" c="dimmed">
                {transportOf(one).about}
              </Text>
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function OnServer({ told, may }: { told: Told; may: boolean }) {
  return (
    <Alert color="gray" variant="light" title="Set on the server">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          Whoever runs the server wrote into a file who is told, and changes it there. What you set here takes its place as a whole.
        </Text>
        {may && <Add transports={told.transports} />}
      </Stack>
    </Alert>
  );
}

function One({ route, told, may }: { route: Told["routes"][number]; told: Told; may: boolean }) {
  const test = useTestRoute();
  const set = useSetNotices();
  const [asks, setAsks] = useState(false);
  const job = useJob(test.data?.id ?? null);
  const result = useJobResult(test.data?.id ?? null, job.data?.state === "done");
  const own = told.set;
  const remove = () => {
    if (!own) return;
    const routes = Object.fromEntries(Object.entries(own.routes).filter(([name]) => name !== route.route));
    set.mutate({ ...own, routes }, { onSuccess: () => setAsks(false) });
  };
  const alone = Object.keys(own?.routes ?? {}).length < 2;
  const answer = result.data?.result.said;
  return (
    <Item
      title={route.route}
      badges={
        <>
          <Mark>{transportOf(route.to).name}</Mark>
          {route.wrong && <Mark colour="red">cannot send</Mark>}
        </>
      }
      actions={
        may && (
          <>
            <Button
              size="xs"
              variant="default"
              loading={test.isPending}
              onClick={() => test.mutate(route.route)}
              aria-label={`Send a test by ${route.route}`}
            >
              Send a test
            </Button>
            {own && (
              <Button
                size="xs"
                variant="default"
                component={Link}
                to={`/settings/notices/change/${route.route}`}
                aria-label={`Change ${route.route}`}
              >
                Change
              </Button>
            )}
            {own && !alone && (
              <Button size="xs" variant="default" onClick={() => setAsks(true)} aria-label={`Remove… ${route.route}`}>
                Remove…
              </Button>
            )}
          </>
        )
      }
    >
      <Text size="sm">{wordsOf(route)}</Text>
      <Small>{route.leads_to}</Small>
      {route.wrong && (
        <Alert color="red" variant="light" icon={<Icon name="alert" />}>
          {route.wrong}
        </Alert>
      )}
      <Problem error={test.error ?? job.error} />
      {job.data && <JobCard job={job.data} doing={`Sending a test by ${route.route}`} />}
      {job.data?.state === "done" && result.data && (
        <Done>
          The test went out.{typeof answer === "string" && answer ? ` The other side said “${answer}”.` : ""} See that it arrived.
        </Done>
      )}
      <Confirm
        title={`Remove ${route.route}?`}
        opened={asks}
        close={() => setAsks(false)}
        yes="Remove"
        act={remove}
        busy={set.isPending}
        error={set.error}
      >
        Nobody is told by it any more. What it still had to tell is given up.
      </Confirm>
    </Item>
  );
}

function TakeBack() {
  const forget = useForgetNotices();
  const [asks, setAsks] = useState(false);
  return (
    <>
      <div>
        <Button size="xs" variant="subtle" color="gray" onClick={() => setAsks(true)}>
          Tell nobody any more…
        </Button>
      </div>
      <Confirm
        title="Tell nobody any more?"
        opened={asks}
        close={() => setAsks(false)}
        yes="Tell nobody"
        act={() => forget.mutate(undefined, { onSuccess: () => setAsks(false) })}
        busy={forget.isPending}
        error={forget.error}
      >
        All that stands here is forgotten, addresses and passwords too. If whoever runs the server wrote a file of who is told, that holds
        again. Alerts still show on Home and under Monitor.
      </Confirm>
    </>
  );
}
