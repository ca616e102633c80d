import { Badge, Button, FileButton, Group, Paper, SimpleGrid, Stack, Text, Textarea } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useBriefs, useHistorySummary, usePlans, useReadBrief } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { useDraft } from "../../parts/ownDraft";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { NoData } from "../../parts/SampleData";
import { ago, money } from "../../words/figures";
import { counted } from "../../words/sureness";
import { PlanCard } from "../plan/PlanCard";
import { EXAMPLE } from "./example";

const KINDS = ".txt,.md,.eml,.html,.htm,.docx,.pdf,.csv,.json";

/** Where a brief goes in, and where briefs and plans are found again. */
export default function Compose() {
  const mayWrite = useMay("briefs:write");
  const history = useHistorySummary().data;
  return (
    <Page title="Compose" about="From your client's words to a plan that you can approve and publish.">
      {history && !history.last_date && (
        <NoData title="A plan needs figures first">
          A brief can be read already; a plan is composed from what your campaigns did so far.
        </NoData>
      )}
      {mayWrite && <NewBrief />}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Plans />
        <Briefs />
      </SimpleGrid>
    </Page>
  );
}

function NewBrief() {
  const [text, setText, forget] = useDraft("brief", "");
  const [over, setOver] = useState(false);
  const read = useReadBrief();
  const go = useNavigate();
  const begin = (said: string | File) =>
    read.mutate(said, {
      onSuccess: (brief) => {
        if (said === text) forget();
        void go(`/briefs/${brief.id}`);
      },
    });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) begin(file);
  };
  return (
    <Paper
      withBorder
      p="md"
      radius="md"
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) begin(text);
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      style={over ? { borderColor: "var(--mantine-primary-color-filled)", borderStyle: "dashed" } : undefined}
    >
      <Stack gap="sm">
        <Textarea
          label="What does the client want?"
          description="Paste a mail, notes or a chat as they are. Or drop a file here: text, mail, Word or PDF."
          placeholder="We need leads for our yoga studios in Lisbon: EUR 9,000 for March, at most EUR 30 a lead…"
          autosize
          minRows={6}
          maxRows={18}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Problem error={read.error} />
        <Group>
          <Button type="submit" loading={read.isPending} disabled={!text.trim()}>
            Read the brief
          </Button>
          <FileButton accept={KINDS} onChange={(file) => file && begin(file)}>
            {(props) => (
              <Button variant="default" leftSection={<Icon name="file" size={16} />} {...props}>
                Choose a file
              </Button>
            )}
          </FileButton>
          {!text && (
            <Button variant="subtle" onClick={() => setText(EXAMPLE)}>
              Try an example
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

function Plans() {
  const plans = usePlans();
  return (
    <Section id="plans" title="Plans" gap="xs">
      {plans.isPending && <Loading rows={2} />}
      <Problem error={plans.error} retry={() => void plans.refetch()} />
      {plans.data?.items.length === 0 && <Text c="dimmed">No plans yet. Read a brief, and compose one from it.</Text>}
      {plans.data?.items.map((plan) => (
        <PlanCard key={plan.id} plan={plan} />
      ))}
    </Section>
  );
}

function Briefs() {
  const briefs = useBriefs();
  return (
    <Section id="briefs" title="Briefs" gap="xs">
      {briefs.isPending && <Loading rows={2} />}
      <Problem error={briefs.error} retry={() => void briefs.refetch()} />
      {briefs.data?.items.length === 0 && <Text c="dimmed">No briefs yet. Paste one above, or try the example.</Text>}
      {briefs.data?.items.map((brief) => (
        <Paper key={brief.id} withBorder p="sm" radius="md" component={Link} to={`/briefs/${brief.id}`} className="card-link">
          <Group justify="space-between" gap="xs">
            <Text fw={600}>{brief.title}</Text>
            {brief.budget !== null && brief.currency && <Text className="figures">{money(brief.budget, brief.currency)}</Text>}
          </Group>
          <Group justify="space-between" gap="xs">
            <Text size="sm" c="dimmed">
              {ago(brief.created_at)}, {brief.who}
            </Text>
            {brief.open_questions > 0 && (
              <Badge variant="light" color="orange">
                {counted(brief.open_questions, "question")}
              </Badge>
            )}
          </Group>
        </Paper>
      ))}
    </Section>
  );
}
