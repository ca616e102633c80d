import { Accordion, Anchor, List, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Plan } from "../../api/queries";
import { Section } from "../../parts/Section";
import { between, day, metricName, money, percent, platformName } from "../../words/figures";
import { capital, counted } from "../../words/sureness";

type Told = Plan["plan"];
type Similar = NonNullable<Told["similar_campaigns"]>[number];
type TypeReturn = NonNullable<Told["returns"]>["types"][number];

/** What the plan rests on, in words, each with the way to the figures behind it. */
export function Grounds({ plan }: { plan: Plan }) {
  const told = plan.plan;
  const similar = told.similar_campaigns ?? [];
  const fairness = told.fairness;
  const even = [
    ...(fairness?.platforms ? [fairness.platforms.words] : []),
    ...(fairness?.groups ?? []).map((one) => `${capital(`by ${one.by}`)}: ${one.words}`),
    ...(fairness?.remarks ?? []),
  ];
  return (
    <Section id="grounds" title="What it rests on" about={<HistoryWords plan={plan} />}>
      {(similar.length > 0 || told.returns || even.length > 0) && (
        <Accordion variant="separated" multiple order={3}>
          {similar.length > 0 && (
            <Accordion.Item value="similar">
              <Accordion.Control>Similar campaigns of the past</Accordion.Control>
              <Accordion.Panel>
                <Stack gap="md">
                  {similar.map((one) => (
                    <SimilarCampaign key={`${one.platform} ${one.campaign_id}`} one={one} currency={plan.currency} />
                  ))}
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          )}
          {told.returns && (
            <Accordion.Item value="returns">
              <Accordion.Control>What each kind of campaign returns</Accordion.Control>
              <Accordion.Panel>
                <Stack gap="md">
                  {told.returns.types.map((one) => (
                    <KindOfCampaign
                      key={`${one.platform} ${one.ad_type}`}
                      one={one}
                      plan={plan}
                      metric={told.returns?.metric ?? plan.objective}
                    />
                  ))}
                  <Sentences of={told.returns.remarks} />
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          )}
          {even.length > 0 && (
            <Accordion.Item value="even">
              <Accordion.Control>Who is reached, and at what cost</Accordion.Control>
              <Accordion.Panel>
                <Sentences of={even} />
              </Accordion.Panel>
            </Accordion.Item>
          )}
        </Accordion>
      )}
    </Section>
  );
}

function HistoryWords({ plan }: { plan: Plan }) {
  const { first_date: first, last_date: last, lines } = plan.plan.history;
  if (!first || !last) {
    return "No history was there when it was composed: it rests on what such campaigns usually bring, so its ranges are wide.";
  }
  return (
    <>
      On what {counted(lines, "line")} did from {day(first)} to {day(last)}.{" "}
      <Anchor component={Link} underline="always" to={`/campaigns?days=custom&first=${first}&last=${last}`}>
        Look at these figures
      </Anchor>
    </>
  );
}

function SimilarCampaign({ one, currency }: { one: Similar; currency: string }) {
  const days = one.first_date && one.last_date ? `?days=custom&first=${one.first_date}&last=${one.last_date}` : "";
  return (
    <div>
      <Anchor
        component={Link}
        to={`/campaigns/${one.platform}/${encodeURIComponent(one.campaign_id)}${days}`}
        style={{ overflowWrap: "anywhere" }}
      >
        {one.name}
      </Anchor>
      <Text size="xs" c="dimmed">
        {platformName(one.platform)}, {percent(one.similarity)} alike, {money(one.spend, currency)} spent
        {one.first_date && one.last_date ? ` from ${day(one.first_date)} to ${day(one.last_date)}` : ""}
      </Text>
      <Text size="sm">{one.words}</Text>
      <Sentences of={one.why} />
    </div>
  );
}

function KindOfCampaign({ one, plan, metric }: { one: TypeReturn; plan: Plan; metric: string }) {
  const expected = plan.plan.lines
    .filter((line) => line.platform === one.platform && line.ad_type === one.ad_type)
    .map((line) => ({ id: line.id, name: line.name || line.id, range: line.expected[metric] }))
    .filter((line) => line.range !== undefined);
  return (
    <div>
      <Text size="sm" fw={600}>
        {one.name}
      </Text>
      <Text size="sm">{one.words}</Text>
      <Text size="xs" c="dimmed" className="figures">
        {counted(one.lines, "line")}; lately {money(one.present, plan.currency)} over as many days
        {one.planned === null ? "" : `, in the plan ${money(one.planned, plan.currency)}`}
      </Text>
      {expected.length > 0 && (
        <details>
          <summary>
            <Text component="span" size="xs" c="dimmed">
              Line by line
            </Text>
          </summary>
          <List size="sm">
            {expected.map((line) => (
              <List.Item key={line.id}>
                {line.name}: {line.range ? between(line.range, metric, plan.currency) : ""} {metricName(metric)}
              </List.Item>
            ))}
          </List>
        </details>
      )}
    </div>
  );
}

function Sentences({ of }: { of: string[] }) {
  if (of.length === 0) return null;
  return (
    <List size="sm" spacing={4}>
      {of.map((words) => (
        <List.Item key={words}>{words}</List.Item>
      ))}
    </List>
  );
}
