import { Box, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Plan } from "../../api/queries";
import { Problem } from "../../parts/Problem";
import { moment } from "../../words/figures";
import { type ClientRemark, useReply } from "./sharingQueries";

/** What was answered to a client's remark, and a way to answer it: the client reads it by their link. */
export function Reply({ plan, remark, may }: { plan: Plan; remark: ClientRemark; may: boolean }) {
  const [writing, setWriting] = useState(false);
  const told = remark.reply;
  return (
    <>
      {told && !writing && (
        <Box pl="md" mt="xs" style={{ borderLeft: "3px solid var(--mantine-color-default-border)", overflowWrap: "anywhere" }}>
          <Text style={{ whiteSpace: "pre-wrap" }}>{told.text}</Text>
          <Text size="sm" c="dimmed">
            {moment(told.at)}, {told.name}
          </Text>
        </Box>
      )}
      {may && !writing && (
        <Button mt="xs" size="xs" variant="subtle" onClick={() => setWriting(true)}>
          {told ? "Change the answer" : "Answer"}
          <span className="unseen"> to {remark.name}</span>
        </Button>
      )}
      {writing && <Form plan={plan} remark={remark} onClose={() => setWriting(false)} />}
    </>
  );
}

function Form({ plan, remark, onClose }: { plan: Plan; remark: ClientRemark; onClose: () => void }) {
  const reply = useReply(plan.id);
  const [text, setText] = useState(remark.reply?.text ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reply.mutate({ remark: remark.id, text }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs" mt="xs">
        <Textarea
          label={`Your answer to ${remark.name}`}
          description="It stands below their words where their link leads; nobody is told by mail."
          required
          autosize
          autoFocus
          minRows={2}
          maxLength={5000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Problem error={reply.error} />
        <Group gap="xs">
          <Button type="submit" size="xs" loading={reply.isPending} disabled={!text.trim()}>
            Answer
          </Button>
          <Button size="xs" variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
