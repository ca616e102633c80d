import { List } from "@mantine/core";
import { Section } from "./Section";
import type { Memo } from "./queries";

/** What could go wrong, what would be stopped first, and what the plan takes for granted. */
export function Points({ memo }: { memo: Memo }) {
  const parts = [
    { id: "risks", title: "What could go wrong", words: memo.risks },
    { id: "stop", title: "What we would stop first", words: memo.stop_first },
    { id: "assumed", title: "What we take for granted", words: memo.assumptions },
  ].filter((part) => part.words.length > 0);
  return parts.map((part) => (
    <Section key={part.id} id={part.id} title={part.title}>
      <List spacing={6}>
        {part.words.map((words) => (
          <List.Item key={words} className="anywhere">
            {words}
          </List.Item>
        ))}
      </List>
    </Section>
  ));
}
