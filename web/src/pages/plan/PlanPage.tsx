import { Anchor, Button, Group, Menu, Stack } from "@mantine/core";
import { Link, useNavigate, useParams } from "react-router";
import { ProblemError } from "../../api/client";
import { type Plan, useDeletePlan, usePlan } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { day, money } from "../../words/figures";
import { Curves } from "./Curves";
import { Diff } from "./Diff";
import { Grounds } from "./Grounds";
import { StateBadge } from "./PlanCard";
import { Publishing } from "./Publishing";
import { Reasons } from "./Reasons";
import { Running } from "./Running";
import { RunningLog } from "./RunningLog";
import { Satisfied } from "./Satisfied";
import { Sharing } from "./Sharing";
import { Split } from "./Split";
import { Verdict } from "./Verdict";

/** A plan: what it brings, its split to try, what it rests on, and the way to the platforms. */
export default function PlanPage() {
  const { id = "" } = useParams();
  const { data: plan, error, refetch } = usePlan(id);
  const gone = error instanceof ProblemError && error.status === 404;
  if (error && (gone || !plan)) return <Problem error={error} retry={() => void refetch()} />;
  if (!plan) return <Loading rows={5} />;
  return (
    <Page
      key={plan.id}
      title={plan.title}
      about={
        <Group gap="xs">
          <StateBadge state={plan.state} />
          <span>
            {money(plan.total_budget, plan.currency)}, {day(plan.start_date)} to {day(plan.end_date)}
          </span>
          {plan.brief_id && (
            <Anchor component={Link} to={`/briefs/${plan.brief_id}`}>
              Its brief
            </Anchor>
          )}
          {plan.parent_id && (
            <Anchor component={Link} to={`/plans/${plan.parent_id}`}>
              The plan before
            </Anchor>
          )}
        </Group>
      }
      actions={<Files plan={plan} />}
    >
      <Stack gap="lg">
        <Verdict plan={plan} />
        {plan.parent_id && <Diff plan={plan} />}
        <Publishing plan={plan} />
        <Running plan={plan} />
        <Sharing plan={plan} />
        <Satisfied planId={plan.id} />
        <Split plan={plan} />
        <Curves plan={plan} />
        <Reasons plan={plan} />
        <Grounds plan={plan} />
        {!plan.parent_id && <Diff plan={plan} />}
        <RunningLog plan={plan} />
      </Stack>
    </Page>
  );
}

const FILES = [
  { name: "plan.html", label: "The plan to read and sign" },
  { name: "split.xlsx", label: "The split as a sheet (Excel)" },
  { name: "split.csv", label: "The split as CSV" },
  { name: "google_ads.json", label: "For Google Ads (JSON)" },
  { name: "meta_ads.json", label: "For Meta Ads (JSON)" },
];

function Files({ plan }: { plan: Plan }) {
  const remove = useDeletePlan(plan.id);
  const mayWrite = useMay("plans:write");
  const go = useNavigate();
  const there = FILES.filter((file) => !file.name.endsWith("_ads.json") || plan.platforms.includes(file.name.slice(0, -5)));
  return (
    <>
      <Button component="a" variant="default" href={`/v1/plans/${plan.id}/files/plan.html`} target="_blank" rel="noreferrer" leftSection={<Icon name="file" size={18} />}>
        Memo
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<Icon name="download" size={18} />}>
            Files
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {there.map((file) => (
            <Menu.Item key={file.name} component="a" href={`/v1/plans/${plan.id}/files/${file.name}?download=true`} download={file.name}>
              {file.label}
            </Menu.Item>
          ))}
          {plan.state === "draft" && mayWrite && (
            <>
              <Menu.Divider />
              <Menu.Item color="red" onClick={() => remove.mutate(undefined, { onSuccess: () => void go("/compose") })}>
                Delete this draft
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Problem error={remove.error} />
    </>
  );
}
