import { Accordion, List, Text } from "@mantine/core";
import type { Plan } from "../../api/queries";
import { counted } from "../../words/sureness";

/** What could go wrong, what would be stopped first, and what the plan takes for granted. */
export function Reasons({ plan }: { plan: Plan }) {
  const told = plan.plan;
  const parts = [
    { id: "risks", title: "What could go wrong", words: told.risks ?? [] },
    { id: "stop", title: "What we would stop first", words: told.stop_first ?? [] },
    { id: "change", title: "What would change the plan", words: told.would_change_it ?? [] },
    { id: "hand", title: "What needs a hand", words: told.warnings },
    { id: "assumed", title: "What it takes for granted", words: told.assumptions },
    { id: "out", title: "What is left out", words: (told.left_out ?? []).map((one) => `${one.id}: ${one.reason}`) },
  ].filter((part) => part.words.length > 0);
  return (
    <Accordion variant="separated" multiple defaultValue={["risks"]} order={2}>
      {parts.map((part) => (
        <Accordion.Item key={part.id} value={part.id}>
          <Accordion.Control>
            {part.title}{" "}
            <Text component="span" size="sm" c="dimmed">
              {counted(part.words.length, "point")}
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            <List size="sm" spacing={6}>
              {part.words.map((words) => (
                <List.Item key={words}>{words}</List.Item>
              ))}
            </List>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
      {told.ab_test && (
        <Accordion.Item value="test">
          <Accordion.Control>How to test it</Accordion.Control>
          <Accordion.Panel>
            <Text size="sm">{told.ab_test.words}</Text>
          </Accordion.Panel>
        </Accordion.Item>
      )}
    </Accordion>
  );
}
