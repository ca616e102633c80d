import { Button, CloseButton, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ProblemError, api, taken } from "../api/client";
import { useSession } from "../api/session";
import { Icon } from "./Icon";
import { Problem } from "./Problem";
import { UNDO_MS, type Undoable, markUndone, useUndoable, withdrawUndo } from "./undoing";

/** What was just done, each with a minute to take it back; it stays while one goes from page to page. */
export function UndoBar() {
  const { data: session } = useSession();
  const offers = useUndoable().filter((one) => one.workspace === session?.workspace);
  return (
    <div className="undo-bar" role="status">
      <Stack gap="xs">
        {offers.map((one) => (
          <Offer key={one.id} offer={one} />
        ))}
      </Stack>
    </div>
  );
}

const TOLD_MS = 5000;

function Offer({ offer }: { offer: Undoable }) {
  const undo = useTakenBack();
  const left = useSecondsLeft(offer.until);
  const { isIdle } = undo;
  const isSuccess = offer.undone ?? false;
  const over = left <= 0;
  useEffect(() => {
    if (isIdle && over && !isSuccess) withdrawUndo(offer.id);
  }, [isIdle, isSuccess, over, offer.id]);
  useEffect(() => {
    if (!isSuccess) return;
    const told = setTimeout(() => withdrawUndo(offer.id), TOLD_MS);
    return () => clearTimeout(told);
  }, [isSuccess, offer.id]);
  return (
    <Paper withBorder shadow="md" radius="md" p="sm" style={{ overflow: "hidden" }}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" style={{ minWidth: 0, overflowWrap: "anywhere" }}>
          {isSuccess ? `Taken back: ${offer.words}` : offer.words}
        </Text>
        <Group gap={4} wrap="nowrap">
          {!isSuccess && (
            <Button
              size="xs"
              loading={undo.isPending}
              onClick={() => undo.mutate(offer)}
              aria-label={`Undo: ${offer.words}`}
              leftSection={<Icon name="undo" size={14} />}
            >
              Undo
              <Text span inherit ml={6} aria-hidden="true" className="figures">
                {!undo.isPending && left > 0 && `(${left} s)`}
              </Text>
            </Button>
          )}
          <CloseButton aria-label="Close" onClick={() => withdrawUndo(offer.id)} />
        </Group>
      </Group>
      <Problem error={undo.error} />
      {isIdle && <Progress value={(100 * left * 1000) / UNDO_MS} size={3} mt="xs" mx="-sm" mb="-sm" aria-hidden="true" radius={0} />}
    </Paper>
  );
}

function useSecondsLeft(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return Math.ceil((until - now) / 1000);
}

const WHY = "Taken back at once";

async function takeBack({ id, entry, to }: NonNullable<Undoable["plan"]>): Promise<void> {
  const params = { path: { plan_id: id } };
  if (to === undefined) {
    await taken(api.POST("/v1/plans/{plan_id}/undo", { params, body: { entry_id: entry, dry_run: false, why: WHY } }));
    return;
  }
  const now = await taken(api.GET("/v1/plans/{plan_id}/state", { params }));
  if (now.change_id !== entry) {
    throw new ProblemError({ detail: "The plan was changed again since.", remedy: "Look at its log, and go back from there." }, 409);
  }
  await taken(api.POST("/v1/plans/{plan_id}/rollback", { params, body: { to, dry_run: false, why: WHY } }));
}

/** Takes something back: the plan's change on the platforms first, then what was said of the alert. */
function useTakenBack() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ plan, alert }: Undoable) => {
      if (plan) await takeBack(plan);
      if (alert) {
        await taken(api.POST("/v1/alerts/{alert_id}/reopen", { params: { path: { alert_id: alert } }, body: { reason: WHY } }));
      }
    },
    onSuccess: (_, { id }) => markUndone(id),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ["plans"] }), client.invalidateQueries({ queryKey: ["alerts"] })]),
  });
}
