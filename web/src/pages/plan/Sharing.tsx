import { Alert, Badge, Button, Group, Menu, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Plan } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { ago, day, moment } from "../../words/figures";
import { counted } from "../../words/sureness";
import { NewLink } from "./NewLink";
import { Reply } from "./Reply";
import { type ClientRemark, type Share, usePlanRemarks, useRevoke, useShares } from "./sharingQueries";

/** The plan and its client: links to the memo, what was said by them, and the memo to send along. */
export function Sharing({ plan }: { plan: Plan }) {
  const may = useMay("plans:write");
  const shares = useShares(plan.id);
  const remarks = usePlanRemarks(plan.id);
  const [making, setMaking] = useState(false);
  const said = remarks.data?.items ?? [];
  const links = shares.data?.items ?? [];
  return (
    <Section
      id="client"
      title="The client"
      actions={
        <Group gap="sm">
          <Papers plan={plan} />
          {may && (
            <Button variant="default" size="xs" leftSection={<Icon name="plus" size={16} />} onClick={() => setMaking(true)}>
              Link for a client
            </Button>
          )}
        </Group>
      }
      card
      gap="md"
    >
      <Problem error={shares.error ?? remarks.error} />
      {said.some((one) => one.waits) && (
        <Alert color="teal" icon={<Icon name="check" />} title="Client approved, waits for you">
          {said.find((one) => one.waits)?.name} said yes to this plan as it stands. Approve it above to go on.
        </Alert>
      )}
      {links.length === 0 && said.length === 0 && !shares.isPending && (
        <Text c="dimmed">
          Nobody outside has read it yet. A link shows its memo, and nothing else of yours, to somebody without an account; they can comment
          and say yes.
        </Text>
      )}
      <Remarks plan={plan} said={said} may={may} />
      {links.length > 0 && <Links plan={plan} links={links} may={may} />}
      <NewLink plan={plan} opened={making} onClose={() => setMaking(false)} />
    </Section>
  );
}

function Papers({ plan }: { plan: Plan }) {
  const files = [
    { href: `/v1/plans/${plan.id}/memo.pdf`, label: "Memo as PDF (A4)" },
    { href: `/v1/plans/${plan.id}/memo.pdf?paper=letter`, label: "Memo as PDF (Letter)" },
    { href: `/v1/plans/${plan.id}/calendar.ics`, label: "Dates for a calendar" },
  ];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<Icon name="download" size={16} />}>
          PDF, dates
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map((file) => (
          <Menu.Item key={file.href} component="a" href={file.href} download>
            {file.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const SAID = { comment: "comments", changes: "asks for changes", approval: "says yes" };

function Remarks({ plan, said, may }: { plan: Plan; said: ClientRemark[]; may: boolean }) {
  if (said.length === 0) return null;
  return (
    <Stack gap="xs">
      {said.map((one) => (
        <Paper key={one.id} withBorder p="sm">
          <Group gap="xs">
            <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
              {one.name} {SAID[one.kind]}
            </Text>
            {!one.stands && (
              <Badge color="gray" variant="light">
                of an earlier version
              </Badge>
            )}
            {one.approved_plan && (
              <Badge color="teal" variant="light">
                approved the plan
              </Badge>
            )}
          </Group>
          {one.text && <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{one.text}</Text>}
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {moment(one.at)}, by the link for {one.link}
          </Text>
          <Reply plan={plan} remark={one} may={may} />
        </Paper>
      ))}
    </Stack>
  );
}

const ALLOWS = { comment: "comment", approve: "say yes", survey: "answer the survey" };

function Links({ plan, links, may }: { plan: Plan; links: Share[]; may: boolean }) {
  const revoke = useRevoke(plan.id);
  return (
    <Stack gap="xs">
      <Title order={3} size="h6">
        Links
      </Title>
      <Problem error={revoke.error} />
      {links.map((link) => (
        <Group key={link.id} justify="space-between" gap="sm" align="flex-start">
          <div style={{ flex: "1 1 240px", minWidth: 0, overflowWrap: "anywhere" }}>
            <Text fw={600}>{link.name}</Text>
            <Text size="sm">
              May {["read", ...link.allows.map((one) => ALLOWS[one])].join(", ")}
              {link.yes === "approves" ? "; their yes approves the plan" : ""}. {openedWords(link)}, {untilWords(link)}.
            </Text>
            <Text size="sm" c="dimmed">
              Made by {link.made_by}, {ago(link.made_at)}
            </Text>
          </div>
          {may && link.state === "open" && (
            <Button
              size="xs"
              variant="subtle"
              color="red"
              loading={revoke.isPending && revoke.variables === link.id}
              onClick={() => revoke.mutate(link.id)}
            >
              Withdraw
              <span className="unseen"> the link for {link.name}</span>
            </Button>
          )}
        </Group>
      ))}
    </Stack>
  );
}

function openedWords(link: Share): string {
  return link.opened_at ? `Opened ${counted(link.opened, "time")}, last ${ago(link.opened_at)}` : "Not opened yet";
}

function untilWords(link: Share): string {
  if (link.state === "revoked") return "withdrawn";
  return `${link.state === "open" ? "holds until" : "ended on"} ${day(link.expires_at)}`;
}
