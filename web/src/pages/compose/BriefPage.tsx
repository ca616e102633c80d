import { Alert, Button, Grid, List, Paper, Stack, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { type Brief, type Job, useBrief, useCompose, useCorrectBrief, useJob, useJobResult, usePlans } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { useDraft } from "../../parts/ownDraft";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { moment } from "../../words/figures";
import { PlanCard } from "../plan/PlanCard";
import { Chips } from "./Chips";
import { MarkedText } from "./MarkedText";
import { Questions } from "./Questions";
import { WishesForm } from "./WishesForm";
import { NO_WISHES, type Wishes, askedOf, correctionsOf } from "./wishes";

/** A brief as it was understood: corrected, answered, and made into a plan. */
export default function BriefPage() {
  const { id = "" } = useParams();
  const { data: brief, error, refetch } = useBrief(id);
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!brief) return <Loading rows={4} />;
  return <Understood key={brief.id} brief={brief} />;
}

function Understood({ brief }: { brief: Brief }) {
  const [lit, light] = useState<string | null>(null);
  const [opened, open] = useState<string | null>(null);
  const mayWrite = useMay("briefs:write");
  const [wishes, wish, forget] = useDraft<Wishes>(`wishes ${brief.id}`, NO_WISHES);
  const [wishing, setWishing] = useState(wishes !== NO_WISHES);
  const compose = useComposed(brief, wishes, forget);
  const warnings = brief.brief.warnings ?? [];
  return (
    <Page
      title={brief.title}
      about={`A brief read ${moment(brief.created_at)}`}
      actions={
        <Button loading={compose.busy} disabled={!compose.may} onClick={compose.begin} leftSection={<Icon name="compose" size={18} />}>
          Compose a plan
        </Button>
      }
    >
      {compose.job && <JobCard job={compose.job} doing="Composing the plan" />}
      <Problem error={compose.error} />
      {compose.may && (
        <WishesForm
          brief={brief.brief}
          wishes={wishes}
          set={(changes) => wish((now) => ({ ...now, ...changes }))}
          opened={wishing}
          open={setWishing}
        />
      )}
      {warnings.length > 0 && (
        <Alert color="orange" icon={<Icon name="alert" />} title="Please look at this">
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }} order={{ base: 2, md: 1 }}>
          <Stack>
            {brief.sources.map((source, number) => (
              <Paper key={source.at + String(number)} withBorder p="md" radius="md" component="section">
                <Title order={2} size="h5" mb="xs">
                  {number === 0 ? "The client's words" : `An answer, ${moment(source.at)}`}
                </Title>
                <MarkedText source={source} lit={lit} light={light} open={(field) => mayWrite && open(field)} />
              </Paper>
            ))}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }} order={{ base: 1, md: 2 }}>
          <Stack>
            <Section
              id="understood"
              title="What I understood"
              about={
                mayWrite ? "Click on anything to correct it, or on a dashed one to add it." : "You may read this brief, and not change it."
              }
              card
            >
              <Chips brief={brief} lit={lit} light={light} opened={opened} open={open} />
            </Section>
            <Questions brief={brief} may={mayWrite} />
            <PlansOf brief={brief.id} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function PlansOf({ brief }: { brief: string }) {
  const plans = usePlans();
  const own = (plans.data?.items ?? []).filter((plan) => plan.brief_id === brief);
  if (own.length === 0) return null;
  return (
    <Section id="plans-of" title="Plans of this brief" gap="xs">
      {own.map((plan) => (
        <PlanCard key={plan.id} plan={plan} />
      ))}
    </Section>
  );
}

/** Composes, and goes to the plan when it is there. */
function useComposed(brief: Brief, wishes: Wishes, sent: () => void) {
  const compose = useCompose();
  const correct = useCorrectBrief(brief.id);
  const [asked, setAsked] = useState<string | null>(null);
  const job = useJob(asked);
  const result = useJobResult(asked, job.data?.state === "done");
  const go = useNavigate();
  const plan = (result.data?.result as { plan_id?: string } | undefined)?.plan_id;
  useEffect(() => {
    if (plan) void go(`/plans/${plan}`);
  }, [plan, go]);
  const under = job.data?.state === "queued" || job.data?.state === "running" || (job.data?.state === "done" && !result.error);
  return {
    may: useMay("plans:write"),
    busy: correct.isPending || compose.isPending || under,
    job: job.data ?? null,
    error: correct.error ?? compose.error ?? job.error ?? result.error,
    begin: () => {
      const corrections = correctionsOf(wishes, brief.brief);
      const taken = (made: Job) => {
        sent();
        setAsked(made.id);
      };
      const order = () => compose.mutate(askedOf(brief.id, wishes), { onSuccess: taken });
      if (Object.keys(corrections).length > 0) correct.mutate(corrections, { onSuccess: order });
      else order();
    },
  };
}
