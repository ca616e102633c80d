import { List, Text } from "@mantine/core";
import { Section } from "../../parts/Section";
import { day } from "../../words/figures";
import { useSatisfaction } from "./sharingQueries";

/** What clients thought: of one plan, or of all. Nothing where nobody answered yet. */
export function Satisfied({ planId, title = "How content the client was" }: { planId?: string; title?: string }) {
  const { data } = useSatisfaction(planId);
  if (!data || data.answers === 0) return null;
  return (
    <Section title={title} card gap="xs">
      {(data.enough || !planId) && <Text>{data.words}</Text>}
      <List spacing={6} listStyleType="none">
        {data.reasons.slice(0, 5).map((one) => (
          <List.Item key={one.plan_id + one.answered_at} style={{ overflowWrap: "anywhere" }}>
            <b>{one.score} of 5</b>
            {one.reason ? `: “${one.reason}”` : ""}{" "}
            <Text span size="sm" c="dimmed">
              {one.name}, {day(one.answered_at)}
            </Text>
          </List.Item>
        ))}
      </List>
    </Section>
  );
}
