import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { Plan } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { Differences } from "./Differences";
import { differences } from "./changing";
import { type Carried, useGoBack, useGoingBack, usePlanState } from "./running";

interface Asked {
  plan: Plan;
  /** `undo ENTRY`, an entry of the log, or `plan`; `null` while nothing is asked. */
  to: string | null;
  title: string;
  close: () => void;
}

/** Says what going back would change on the platforms, and does it when it is confirmed. */
export function GoBack({ plan, to, title, close }: Asked) {
  const would = useGoingBack(plan.id, to);
  const now = usePlanState(plan.id);
  const go = useGoBack(plan.id);
  const shut = () => {
    go.reset();
    close();
  };
  const rows = would.data && now.data ? differences(now.data, would.data.in_force, plan) : [];
  const refused = (would.data?.refusals.length ?? 0) > 0;
  return (
    <Modal opened={to !== null} onClose={shut} title={title} size="lg">
      <Stack>
        <Problem error={would.error ?? now.error ?? go.error} />
        {would.isPending && !would.error && <Loading rows={1} height={120} />}
        {would.data && now.data && (
          <>
            <Text>
              {rows.length
                ? `This would change on ${plan.state === "waiting" ? "the first day" : "the platforms"}:`
                : "Nothing would change on the platforms."}
            </Text>
            <Differences rows={rows} before="Now" after="Then" />
            <Notes carried={would.data} />
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={shut}>
            Leave it
          </Button>
          <Button
            loading={go.isPending}
            disabled={!would.data || refused}
            leftSection={<Icon name="undo" size={16} />}
            onClick={() => to && go.mutate(to, { onSuccess: shut })}
          >
            Change it back
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** What the platforms would refuse, and what a person should know. */
export function Notes({ carried }: { carried: Carried }) {
  return (
    <>
      {carried.refusals.map((one) => (
        <Alert key={one.words} color="red" icon={<Icon name="alert" />} title={one.words}>
          {one.remedy}
        </Alert>
      ))}
      {carried.notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
    </>
  );
}
