import { Anchor, Button, Text } from "@mantine/core";
import { Link } from "react-router";
import { type PlanSummary, useActual, useHistorySummary, usePlans } from "../../api/queries";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { ago, day } from "../../words/figures";
import { Alerts } from "./Alerts";
import { Pace } from "./PlanFigures";
import { Watching } from "./Watching";
import { goalStanding, goalWords, isWatched } from "./pacing";
import { useGoals, useLastWatch } from "./queries";

/** What is wrong, how running plans do, and how fresh all of it is. */
export function Overview() {
  const plans = usePlans(100);
  const all = plans.data?.items ?? [];
  const out = all.filter(isWatched);
  return (
    <Page title="Monitor" about={<Freshness />}>
      <Alerts />
      <Section id="running" title="Running plans">
        <Problem error={plans.error} retry={() => void plans.refetch()} />
        {plans.isPending && <Loading rows={1} height={200} />}
        {plans.data && out.length === 0 && (
          <Empty
            icon="monitor"
            title="No plan runs"
            actions={
              <Button component={Link} to="/compose">
                {all.length ? "Look at your plans" : "Compose a plan"}
              </Button>
            }
          >
            Once a plan is published, its spend and results stand here beside what was planned. Lines that run without a plan are watched
            all the same.
          </Empty>
        )}
        {out.map((plan) => (plan.state === "running" ? <RunningPlan key={plan.id} plan={plan} /> : <ToCome key={plan.id} plan={plan} />))}
      </Section>
      <Watching plans={all} />
    </Page>
  );
}

/** How old all of this is; the section below says more. */
function Freshness() {
  const history = useHistorySummary();
  const watched = useLastWatch();
  const figures = history.data?.last_date ? `Figures up to ${day(history.data.last_date)}` : "No figures yet";
  return (
    <>
      {figures}
      {watched.data ? `; last watched ${ago(watched.data)}` : ""}.{" "}
      <Anchor href="#watching" underline="always">
        How fresh this is
      </Anchor>
    </>
  );
}

function RunningPlan({ plan }: { plan: PlanSummary }) {
  return (
    <Pace plan={plan}>
      <GoalLines plan={plan} />
      <div>
        <Anchor component={Link} to={`/monitor/plans/${plan.id}`} size="sm">
          Goals, tuning and changes of {plan.title}
        </Anchor>
      </div>
    </Pace>
  );
}

function GoalLines({ plan }: { plan: PlanSummary }) {
  const goals = useGoals(plan.id);
  const actual = useActual(plan.id);
  const rows = Object.entries(goals.data?.goals ?? {});
  if (!actual.data) return null;
  const told = actual.data;
  return rows.map(([metric, goal]) => (
    <Text key={metric} size="sm">
      Goal: {goalWords(metric, goal, plan.currency).toLowerCase()}. {goalStanding(metric, goal, told, plan.total_budget).words}.
    </Text>
  ));
}

function ToCome({ plan }: { plan: PlanSummary }) {
  return (
    <Text>
      <Anchor component={Link} to={`/plans/${plan.id}`}>
        {plan.title}
      </Anchor>{" "}
      {plan.state === "waiting" && plan.waits_until
        ? `goes out on ${day(plan.waits_until)}.`
        : `is published and begins on ${day(plan.start_date)}.`}
    </Text>
  );
}
