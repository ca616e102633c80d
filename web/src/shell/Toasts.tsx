import "@mantine/notifications/styles.css";
import { Anchor, Text } from "@mantine/core";
import { Notifications, notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { Link } from "react-router";
import { type Job, useJobResult } from "../api/queries";
import { aboutOf, placeOf, saidOf } from "../words/jobs";

const STAYS_MS = 12_000;

/** Says that a job ended, to whoever asked for it and is on another page by now. Failures stay until they are closed. */
export default function Toasts({ jobs }: { jobs: readonly Job[] }) {
  useEffect(() => {
    for (const job of jobs) {
      const failed = job.state === "failed";
      notifications.show({
        id: job.id,
        title: failed ? saidOf(job).failed : saidOf(job).done,
        message: <Came job={job} />,
        color: failed ? "red" : "teal",
        autoClose: failed ? false : STAYS_MS,
        withBorder: true,
        closeButtonProps: { "aria-label": "Close" },
      });
    }
  }, [jobs]);
  return <Notifications position="top-right" limit={4} containerWidth={360} zIndex={400} mt={52} />;
}

function Came({ job }: { job: Job }) {
  const done = job.state === "done";
  const result = useJobResult(job.id, done);
  const to = done ? placeOf(job, result.data?.result) : `/monitor/jobs/${job.id}`;
  return (
    <>
      <Text size="sm">{done ? aboutOf(job) : job.error?.detail}</Text>
      <Anchor component={Link} to={to} size="sm" onClick={() => notifications.hide(job.id)}>
        {done ? saidOf(job).look : "What to do about it"}
      </Anchor>
    </>
  );
}
