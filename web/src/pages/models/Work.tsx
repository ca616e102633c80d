import { Anchor, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Job } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Problem } from "../../parts/Problem";
import { useWork } from "./queries";

interface Asked {
  kind: string;
  about: ReactNode;
  button: string;
  doing: string;
  /** Where what it made is shown: the beginning of its address. */
  to: string;
  start: { mutateAsync: () => Promise<Job>; isPending: boolean; error: unknown };
  children: ReactNode;
}

/** Asks for long work with a few choices, shows how it goes on, and leads to what came of it. */
export function Work({ kind, about, button, doing, to, start, children }: Asked) {
  const [asked, setAsked] = useState<string | null>(null);
  const work = useWork(kind, asked);
  const begin = async (event: FormEvent) => {
    event.preventDefault();
    const job = await start.mutateAsync().catch(() => null); // what went wrong is shown below
    if (job) setAsked(job.id);
  };
  return (
    <Stack gap="sm">
      {!work.busy && (
        <Paper withBorder p="md" radius="md" component="form" onSubmit={(event) => void begin(event)}>
          <Stack gap="sm">
            <Text>{about}</Text>
            <Group align="flex-end" gap="md">
              {children}
              <Button type="submit" loading={start.isPending}>
                {button}
              </Button>
            </Group>
          </Stack>
        </Paper>
      )}
      <Problem error={start.error ?? work.error} />
      {work.job && <JobCard job={work.job} doing={doing} />}
      {work.made && (
        <Paper withBorder p="md" radius="md" role="status">
          <Group gap="xs">
            <Icon name="check" />
            <Text>It is done.</Text>
            <Anchor component={Link} to={`${to}/${work.made}`}>
              See what it found
            </Anchor>
          </Group>
        </Paper>
      )}
    </Stack>
  );
}
