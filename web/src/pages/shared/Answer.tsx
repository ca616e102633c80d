import { Alert, Box, Button, Checkbox, Group, Paper, SegmentedControl, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useDraftAt } from "../../parts/drafts";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";
import { day, moment, money } from "../../words/figures";
import { Section } from "./Section";
import { draftPlace } from "./draftPlace";
import { type Shared, useComment, useSayYes } from "./queries";

type Wish = "approve" | "changes" | "comment";
const LABELS: Record<Wish, string> = { approve: "Approve", changes: "Ask for changes", comment: "Comment" };

/** The client's say: yes, what is to change, or a comment; and what was said so far. */
export function Answer({ token, shared }: { token: string; shared: Shared }) {
  const open = shared.standing === "open" && !shared.yes && shared.allows.includes("approve");
  const wishes: Wish[] = [
    ...(open ? (["approve"] as const) : []),
    ...(shared.allows.includes("comment") ? (["changes", "comment"] as const) : []),
  ];
  if (wishes.length === 0 && shared.remarks.length === 0 && !shared.yes) return null;
  return (
    <Section id="answer" title="Your answer">
      <Stack>
        {shared.yes && <Yes shared={shared} />}
        <Said shared={shared} />
        {wishes.length > 0 && <Form token={token} shared={shared} wishes={wishes} />}
      </Stack>
    </Section>
  );
}

function Yes({ shared }: { shared: Shared }) {
  const yes = shared.yes;
  if (!yes) return null;
  return (
    <Alert color="teal" icon={<Icon name="check" />} title={`Approved by ${yes.name}, ${moment(yes.at)}`}>
      {shared.approved ? "The plan is approved and can go out." : `${shared.sender} sees it and takes the next step.`} Your yes holds for
      the plan as it stands on this page; should it change, you are asked again.
    </Alert>
  );
}

const KINDS = { comment: "commented", changes: "asked for changes", approval: "approved" };

function Said({ shared }: { shared: Shared }) {
  const shown = shared.remarks.filter((one) => one.id !== shared.yes?.id || one.text || one.reply);
  return shown.map((one) => (
    <Paper key={one.id} withBorder p="sm">
      <Text size="sm" c="dimmed" className="anywhere">
        {one.name} {KINDS[one.kind]}, {moment(one.at)}
      </Text>
      <Text style={{ whiteSpace: "pre-wrap" }} className="anywhere">
        {one.text}
      </Text>
      {one.reply && (
        <Box pl="md" mt="xs" style={{ borderLeft: "3px solid var(--mantine-color-default-border)" }}>
          <Text size="sm" c="dimmed" className="anywhere">
            {one.reply.name} answered, {moment(one.reply.at)}
          </Text>
          <Text style={{ whiteSpace: "pre-wrap" }} className="anywhere">
            {one.reply.text}
          </Text>
        </Box>
      )}
    </Paper>
  ));
}

function Form({ token, shared, wishes }: { token: string; shared: Shared; wishes: Wish[] }) {
  const [wish, setWish] = useState<Wish>(wishes[0] ?? "comment");
  const [{ name, text }, type, forget] = useDraftAt(draftPlace("answer", shared), { name: "", text: "" });
  const [agreed, setAgreed] = useState(false);
  const [thanks, setThanks] = useState(false);
  const comment = useComment(token);
  const yes = useSayYes(token);
  const chosen = wishes.includes(wish) ? wish : (wishes[0] ?? "comment");
  const done = () => {
    type({ name, text: "" });
    forget();
  };
  const thank = () => {
    done();
    setThanks(true);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setThanks(false);
    if (chosen === "approve") yes.mutate({ name, text, content: shared.content, agreed: true }, { onSuccess: done });
    else comment.mutate({ name, text, kind: chosen }, { onSuccess: thank });
  };
  const { memo } = shared;
  return (
    <Paper withBorder p="md" className="no-print">
      <form onSubmit={submit}>
        <Stack>
          {wishes.length > 1 && (
            <SegmentedControl
              aria-label="What you want to do"
              value={chosen}
              onChange={(value) => setWish(value as Wish)}
              data={wishes.map((value) => ({ value, label: LABELS[value] }))}
            />
          )}
          <TextInput
            label="Your name"
            autoComplete="name"
            required
            maxLength={120}
            value={name}
            onChange={(event) => type({ name: event.currentTarget.value, text })}
          />
          <Textarea
            label={chosen === "approve" ? "Anything to add (optional)" : chosen === "changes" ? "What should change" : "Your comment"}
            required={chosen !== "approve"}
            autosize
            minRows={chosen === "approve" ? 2 : 4}
            maxLength={5000}
            value={text}
            onChange={(event) => type({ name, text: event.currentTarget.value })}
          />
          {chosen === "approve" && (
            <Checkbox
              required
              checked={agreed}
              onChange={(event) => setAgreed(event.currentTarget.checked)}
              label={`I approve that up to ${money(memo.total_budget, memo.currency)} is spent from ${day(memo.start_date, "long")} to ${day(memo.end_date, "long")} as set out here.`}
            />
          )}
          <Problem error={yes.error ?? comment.error} />
          {thanks && (
            <Text role="status" fw={600}>
              Thank you. {shared.sender} can read it now.
            </Text>
          )}
          <Group>
            <Button type="submit" loading={yes.isPending || comment.isPending} disabled={chosen === "approve" && !agreed}>
              {chosen === "approve" ? "Approve this plan" : "Send"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
