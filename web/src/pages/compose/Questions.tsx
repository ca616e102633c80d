import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { type Brief, useAnswerBrief } from "../../api/queries";
import { useDraft } from "../../parts/ownDraft";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";

/** What is worth asking the client, and what the plan assumes until it is answered. */
export function Questions({ brief, may }: { brief: Brief; may: boolean }) {
  if (brief.questions.length === 0) return null;
  return (
    <Section
      id="questions"
      title="Worth asking"
      about="None of it holds you up: where there is no answer, the plan goes by the assumption."
      card
      gap="md"
    >
      {brief.questions.map((question) => (
        <Asking key={question.field + question.question} brief={brief} question={question} may={may} />
      ))}
    </Section>
  );
}

function Asking({ brief, question, may }: { brief: Brief; question: Brief["questions"][number]; may: boolean }) {
  const answer = useAnswerBrief(brief.id);
  const [text, setText] = useDraft(`answer ${brief.id} ${question.field}`, "");
  const send = (words: string) => answer.mutate(JSON.stringify({ [question.field]: words }), { onSuccess: () => setText("") });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) send(text.trim());
  };
  return (
    <Stack gap={6}>
      <Text fw={600}>{question.question}</Text>
      <Text size="sm" c="dimmed">
        {question.why} Assumed: {question.assumed}.
      </Text>
      {may && (
        <form onSubmit={submit}>
          <Group gap="xs">
            {(question.choices ?? []).map((choice) => (
              <Button key={choice} size="xs" variant="default" disabled={answer.isPending} onClick={() => send(choice)}>
                {choice}
              </Button>
            ))}
            <TextInput
              size="xs"
              style={{ flex: "1 1 180px" }}
              aria-label={`Answer: ${question.question}`}
              placeholder="The answer, in plain words"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button size="xs" type="submit" variant="light" loading={answer.isPending} disabled={!text.trim()}>
              Answer
            </Button>
          </Group>
        </form>
      )}
      <Problem error={answer.error} />
    </Stack>
  );
}
