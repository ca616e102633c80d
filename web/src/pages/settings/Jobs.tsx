import { Alert, Button, Group, Progress, Select, Text } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { type Job, unfinished, useCancelJob } from "../../api/queries";
import { useMay } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { moment } from "../../words/figures";
import { aboutOf, saidOf } from "../../words/jobs";
import { capital } from "../../words/sureness";
import { Confirm, Item, Items, Mark, Part, Small } from "./pieces";
import { useJobPages } from "./queries";

const STATES: Record<Job["state"], { label: string; colour: string }> = {
  queued: { label: "waits", colour: "gray" },
  running: { label: "runs", colour: "indigo" },
  done: { label: "done", colour: "teal" },
  failed: { label: "failed", colour: "red" },
  cancelled: { label: "stopped", colour: "gray" },
};

/** Work that was asked for: how far it is, what went wrong and what to do. */
export function Jobs() {
  const [query, setQuery] = useSearchParams();
  const asked = query.get("state");
  const state = asked && asked in STATES ? (asked as Job["state"]) : null;
  const found = useJobPages(state);
  const may = useMay("jobs:run");
  const jobs = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Part
      title="Work that was asked for"
      about="It goes on when you leave the page, and is taken up again after a restart."
      actions={
        <Select
          aria-label="Show jobs that"
          w={160}
          data={[{ value: "", label: "All" }, ...Object.entries(STATES).map(([value, { label }]) => ({ value, label: capital(label) }))]}
          value={state ?? ""}
          allowDeselect={false}
          onChange={(value) => setQuery(value ? { state: value } : {}, { replace: true })}
        />
      }
    >
      <Problem error={found.error} retry={() => void found.refetch()} />
      {found.isPending && <Loading />}
      {found.data && jobs.length === 0 && (
        <Empty icon="chart" title={state ? `No job ${STATES[state].label}` : "No work was asked for yet"}>
          Composing a plan, importing files and fetching figures are jobs: while they go on, and when they fail, they stand here.
        </Empty>
      )}
      <Items label="Jobs">
        {jobs.map((job) => (
          <One key={job.id} job={job} may={may} />
        ))}
      </Items>
      {found.hasNextPage && (
        <Group>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </Part>
  );
}

function One({ job, may }: { job: Job; may: boolean }) {
  const cancel = useCancelJob();
  const [asks, setAsks] = useState(false);
  const goesOn = unfinished(job);
  return (
    <Item
      title={saidOf(job).doing}
      badges={<Mark colour={STATES[job.state].colour}>{STATES[job.state].label}</Mark>}
      actions={
        may &&
        goesOn && (
          <Button
            size="xs"
            variant="default"
            disabled={job.cancel_asked}
            onClick={() => setAsks(true)}
            aria-label={`${job.cancel_asked ? "Stopping" : "Stop…"} ${saidOf(job).doing}`}
          >
            {job.cancel_asked ? "Stopping" : "Stop…"}
          </Button>
        )
      }
    >
      <Small>
        {aboutOf(job) ? `${aboutOf(job)}; ` : ""}asked for by {job.asked_by}, {moment(job.created_at)}
        {job.ended_at ? `; ended ${moment(job.ended_at)}` : ""}
      </Small>
      {goesOn && (
        <>
          <Progress value={Math.max(4, job.progress * 100)} animated={job.state === "running"} aria-label={saidOf(job).doing} />
          {job.step && <Small>{capital(job.step)}</Small>}
        </>
      )}
      {job.error && (
        <Alert color="red" variant="light" icon={<Icon name="alert" />} title={job.error.detail}>
          <Text size="sm">{job.error.remedy || "Ask for it again; if it fails again, tell whoever runs the server."}</Text>
        </Alert>
      )}
      <Confirm
        title="Stop this work?"
        opened={asks}
        close={() => setAsks(false)}
        yes="Stop it"
        act={() => cancel.mutate(job.id, { onSuccess: () => setAsks(false) })}
        busy={cancel.isPending}
        error={cancel.error}
      >
        {saidOf(job).doing} ends at its next step. What it did until then stays; you can ask for it again.
      </Confirm>
    </Item>
  );
}
