import { Anchor, Group } from "@mantine/core";
import { useEffect } from "react";
import { Link, useLocation, useParams } from "react-router";
import { useActual, usePlan } from "../../api/queries";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { day, money } from "../../words/figures";
import { StateBadge } from "../plan/PlanCard";
import { RunningControls } from "../plan/RunningControls";
import { RunningLog } from "../plan/RunningLog";
import { RunningTunings } from "../plan/RunningTunings";
import { namesOf } from "../plan/changing";
import { Alerts } from "./Alerts";
import { Goals } from "./Goals";
import { LineFigures, Pace, Results } from "./PlanFigures";

/** One running plan: where it stands, its goals and alerts, what to move, and what was done. */
export function PlanWatch() {
  const { id = "" } = useParams();
  const { data: plan, error, refetch } = usePlan(id);
  const actual = useActual(id);
  const { hash } = useLocation();
  const there = plan !== undefined;
  useEffect(() => {
    if (there && hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [there, hash]);
  if (error && !plan) return <Problem error={error} retry={() => void refetch()} />;
  if (!plan) return <Loading rows={5} />;
  return (
    <Page
      title={plan.title}
      about={
        <Group gap="xs">
          <StateBadge state={plan.state} />
          <span>
            {money(plan.total_budget, plan.currency)}, {day(plan.start_date)} to {day(plan.end_date)}
          </span>
          <Anchor component={Link} to={`/plans/${plan.id}`}>
            The plan itself
          </Anchor>
        </Group>
      }
    >
      <Pace plan={plan} title="Spend beside its plan" />
      <Alerts plan={plan.id} />
      {actual.data?.as_of && <Results plan={plan} actual={actual.data} />}
      <Goals plan={plan} />
      <RunningControls plan={plan} />
      {plan.state === "running" && <RunningTunings plan={plan} />}
      {actual.data?.as_of && <LineFigures plan={plan} actual={actual.data} nameOf={namesOf(plan)} />}
      <RunningLog plan={plan} />
    </Page>
  );
}
