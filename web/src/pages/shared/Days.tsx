import { Button, CopyButton, Group, Text, Timeline } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";
import { day } from "../../words/figures";
import { Section } from "./Section";
import { saveFile } from "./files";
import type { Shared } from "./queries";

/** The plan's days, and the memo and the days to take along. */
export function Days({ token, shared }: { token: string; shared: Shared }) {
  return (
    <Section id="days" title="Dates">
      <Timeline bulletSize={12} lineWidth={2}>
        {shared.days.map((one, at) => (
          <Timeline.Item key={`${at} ${one.day}`} title={`${day(one.day)}: ${one.title}`}>
            {one.kind !== "tuning" && (
              <Text size="sm" c="dimmed" className="anywhere">
                {one.words}
              </Text>
            )}
          </Timeline.Item>
        ))}
      </Timeline>
      <Taken token={token} shared={shared} />
    </Section>
  );
}

function Taken({ token, shared }: { token: string; shared: Shared }) {
  const paper = /^en-(US|CA)|^es-MX/.test(navigator.language) ? "letter" : "a4";
  const save = useMutation({ mutationFn: (asked: { path: string; body: object }) => saveFile(asked.path, asked.body) });
  const busy = (path: string) => save.isPending && save.variables.path === path;
  return (
    <div className="no-print">
      <Group mt="md" gap="sm">
        <Button
          variant="default"
          leftSection={<Icon name="file" size={18} />}
          loading={busy("memo.pdf")}
          onClick={() => save.mutate({ path: "memo.pdf", body: { token, paper } })}
        >
          Save as PDF
        </Button>
        <Button
          variant="default"
          leftSection={<Icon name="download" size={18} />}
          loading={busy("calendar.ics")}
          onClick={() => save.mutate({ path: "calendar.ics", body: { token } })}
        >
          Dates for a calendar
        </Button>
        <CopyButton value={window.location.origin + shared.calendar}>
          {({ copied, copy }) => (
            <Button variant="subtle" onClick={copy}>
              {copied ? "Copied" : "Copy the calendar's address"}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" c="dimmed" mt={4}>
        A calendar that follows the address has every change by itself. The address shows the dates, no money and no figures.
      </Text>
      <Problem error={save.error} />
    </div>
  );
}
