import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../parts/Icon";
import { Section } from "../../parts/Section";
import { saveCsv } from "../../parts/csv";
import { day, money } from "../../words/figures";
import { counted } from "../../words/sureness";
import type { SettingsChange, LineDetail } from "./queries";
import { codeWords } from "./words";

const FEW = 8;
const MOST_LETTERS = 120;

/** What was changed of a line on its platform, the newest first. */
export function Changes({ line }: { line: LineDetail }) {
  const changes = line.changes ?? [];
  const [all, setAll] = useState(false);
  return (
    <Section
      title="What was changed"
      about={
        changes.length > 0
          ? `${counted(changes.length, "change")}, the newest first, as the platform's log tells them.`
          : "No change is known: the exports have none of the platform's log of changes for it."
      }
      actions={
        changes.length > 0 && (
          <Button variant="subtle" size="xs" leftSection={<Icon name="download" size={16} />} onClick={() => save(changes)}>
            Save as CSV
          </Button>
        )
      }
      card
    >
      <Stack component="ul" gap={6} m={0} pl={0} style={{ listStyle: "none" }}>
        {changes.slice(0, all ? undefined : FEW).map((change, at) => (
          <Group component="li" key={at} gap="xs" align="baseline">
            <Text size="sm" c="dimmed" w={96} className="figures">
              {day(change.date)}
            </Text>
            <Text size="sm" style={{ flex: 1, minWidth: 180, overflowWrap: "anywhere" }}>
              {changeWords(change, line.currency)}
            </Text>
            {change.restarts_learning && (
              <Badge size="sm" variant="light" color="gray">
                learns anew
              </Badge>
            )}
          </Group>
        ))}
      </Stack>
      {changes.length > FEW && !all && (
        <Button variant="default" style={{ alignSelf: "flex-start" }} onClick={() => setAll(true)}>
          Show all {changes.length}
        </Button>
      )}
    </Section>
  );
}

const WHAT: Record<string, string> = {
  update_ad_set_target_spec: "Audience of the ad set",
  update_ad_set_bid_strategy: "Strategy of the ad set",
  update_ad_set_optimization_goal: "What the ad set is optimised for",
  update_campaign_bid_strategy: "Strategy of the campaign",
};

function changeWords(change: SettingsChange, currency: string): string {
  const [before, after] = [change.value_before ?? null, change.value_after ?? null];
  if (change.kind === "budget" && after !== null) return before === null ? `Daily budget set to ${money(after, currency)}` : `Daily budget from ${money(before, currency)} to ${money(after, currency)}`;
  if (change.kind === "status" && after !== null) return after > 0 ? "Set to run" : "Paused";
  const what = WHAT[change.what] ?? (codeWords(change.what.replace(/^update_/, "")) || "A setting");
  const [one, other] = [plain(change.before), plain(change.after)];
  if (one && other) return `${what}: from ${one} to ${other}`;
  if (other) return `${what}: ${other}`;
  return change.fields ? `${what} (${change.fields.replaceAll("_", " ")})` : what;
}

/** A value as exported, where a reader can read it: a number, a word, or some of these in an object or a list. */
function plain(text: string | null | undefined): string {
  if (!text) return "";
  try {
    const found = leaf(JSON.parse(text));
    return found.length <= MOST_LETTERS ? found : "";
  } catch {
    return ""; // cut, or no JSON
  }
}

function leaf(value: unknown): string {
  if (typeof value === "string") return /^[A-Z][A-Z0-9_]+$/.test(value) ? codeWords(value).toLowerCase() : value;
  if (typeof value === "number") return value.toLocaleString();
  if (Array.isArray(value)) return value.map(leaf).filter(Boolean).join(", ");
  if (value === null || typeof value !== "object") return "";
  if ("content" in value && "children" in value) return `${leaf(value.content)} ${leaf(value.children)}`.trim();
  const parts = Object.entries(value);
  const [only] = parts;
  return parts.length === 1 && only && !/micros/i.test(only[0]) ? leaf(only[1]) : "";
}

function save(changes: SettingsChange[]): void {
  saveCsv(
    "changes",
    ["Day", "What", "Fields", "Before", "After", "Learns anew"],
    changes.map((one) => [one.date, one.what, one.fields, one.value_before ?? one.before ?? null, one.value_after ?? one.after ?? null, one.restarts_learning ? "yes" : "no"]),
  );
}
