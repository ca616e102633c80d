import { Alert, Button, Group, Paper, Radio, Stack, TextInput, Textarea } from "@mantine/core";
import type { FormEvent } from "react";
import { useDraftAt } from "../../parts/drafts";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";
import { Section } from "./Section";
import { draftPlace } from "./draftPlace";
import { type Shared, useAnswerSurvey } from "./queries";

const WORDS = ["Not content", "Hardly content", "So so", "Content", "Very content"];

/** After the campaign: how content the client is, from one to five, and why. */
export function Survey({ token, shared }: { token: string; shared: Shared }) {
  const given = shared.survey;
  const before = { score: given.score ? String(given.score) : "", reason: given.reason ?? "", name: "" };
  const [draft, type, forget] = useDraftAt(draftPlace("survey", shared), before);
  const { score, reason, name } = draft;
  const answer = useAnswerSurvey(token);
  if (!given.asked) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    answer.mutate({ name, score: Number(score), reason }, { onSuccess: forget });
  };
  return (
    <Section
      id="survey"
      title="How content are you?"
      about="The campaign is over. Two clicks help us to do better; your answer goes to those who made the plan."
    >
      <Paper withBorder p="md" className="no-print">
        <form onSubmit={submit}>
          <Stack>
            {given.score && (
              <Alert
                color="teal"
                icon={<Icon name="check" />}
                title={`You said ${given.score} of 5: ${WORDS[given.score - 1]?.toLowerCase()}`}
                role="status"
              >
                Thank you. You may change it as long as this link works.
              </Alert>
            )}
            <Radio.Group label="With this campaign I am" value={score} onChange={(value) => type({ ...draft, score: value })} required>
              <Group mt="xs" gap="md">
                {WORDS.map((words, at) => (
                  <Radio key={words} value={String(at + 1)} label={`${at + 1} ${words.toLowerCase()}`} />
                ))}
              </Group>
            </Radio.Group>
            <Textarea
              label="Why (optional)"
              autosize
              minRows={2}
              maxLength={5000}
              value={reason}
              onChange={(event) => type({ ...draft, reason: event.currentTarget.value })}
            />
            <TextInput
              label="Your name"
              autoComplete="name"
              required
              maxLength={120}
              value={name}
              onChange={(event) => type({ ...draft, name: event.currentTarget.value })}
            />
            <Problem error={answer.error} />
            <Group>
              <Button type="submit" disabled={!score} loading={answer.isPending}>
                {given.score ? "Change my answer" : "Send"}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Section>
  );
}
