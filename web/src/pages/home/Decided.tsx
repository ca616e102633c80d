import { Anchor, List, Text } from "@mantine/core";
import { Link } from "react-router";
import { type PlanSummary, usePlans } from "../../api/queries";
import { day, money, shiftedDay } from "../../words/figures";
import { counted } from "../../words/sureness";

const WEEK_DAYS = 7;

/** What was decided in the last seven days: plans composed and approved, and what became of them. */
export function Decided() {
  const plans = usePlans();
  if (!plans.data) return null;
  const since = shiftedDay(new Date().toISOString().slice(0, 10), -WEEK_DAYS);
  const fresh = plans.data.items.filter((plan) => plan.created_at.slice(0, 10) > since);
  const approved = plans.data.items.filter((plan) => plan.approved_at && plan.approved_at.slice(0, 10) > since);
  if (fresh.length === 0 && approved.length === 0)
    return <Text c="dimmed">Nothing was decided in these days: no plan was composed or approved.</Text>;
  const waiting = fresh.filter((plan) => plan.state === "draft").length;
  return (
    <div>
      <Text>
        {fresh.length > 0 ? `${counted(fresh.length, "plan was", "plans were")} composed` : "No plan was composed"}
        {waiting > 0
          ? `, and ${waiting === fresh.length ? (waiting === 1 ? "waits" : "all wait") : waiting === 1 ? "one waits" : `${waiting} wait`} for an approval`
          : ""}
        {approved.length > 0 ? `. ${counted(approved.length, "plan was", "plans were")} approved:` : "."}
      </Text>
      {approved.length > 0 && (
        <List>
          {approved.map((plan) => (
            <List.Item key={plan.id}>
              <Anchor component={Link} to={`/plans/${plan.id}`}>
                {plan.title}
              </Anchor>
              {`, ${money(plan.total_budget, plan.currency)} from ${day(plan.start_date)} to ${day(plan.end_date)}, approved by ${plan.approved_by ?? "somebody"}; ${BECAME[plan.state]}`}
            </List.Item>
          ))}
        </List>
      )}
    </div>
  );
}

const BECAME: Record<PlanSummary["state"], string> = {
  draft: "changed since, so it waits for another approval.",
  approved: "not published yet.",
  waiting: "its changes go out on its first day.",
  published: "it is on the platforms.",
  running: "it is on the platforms and runs.",
  ended: "it has ended.",
  given_up: "its publication was given up.",
};
