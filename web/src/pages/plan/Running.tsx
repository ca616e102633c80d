import type { Plan } from "../../api/queries";
import { GiveUp, RunningControls } from "./RunningControls";
import { RunningTunings } from "./RunningTunings";
import { isOut } from "./running";

/** The controls of a plan that is on the platforms; nothing for one that never was, or is over. */
export function Running({ plan }: { plan: Plan }) {
  if (plan.state === "approved") return <GiveUp plan={plan} />;
  if (!isOut(plan)) return null;
  return (
    <>
      <RunningControls plan={plan} />
      {plan.state === "running" && <RunningTunings plan={plan} />}
    </>
  );
}
