import { Alert, Anchor, Center, Container, Loader, Stack, Text, Title } from "@mantine/core";
import { type MouseEvent, useEffect } from "react";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";
import { day, money } from "../../words/figures";
import { Answer } from "./Answer";
import { Days } from "./Days";
import { Expected } from "./Expected";
import { Survey } from "./Survey";
import { type Shared as Opened, useShared } from "./queries";
import { Points } from "./Points";
import { MemoSplit } from "./MemoSplit";
import "./shared.css";

/** What a client's link opens: the memo of one plan, and their say. The token stays behind `#`. */
export default function Shared() {
  const token = window.location.hash.slice(1);
  const { data: shared, error, isPending } = useShared(token);
  useEffect(() => {
    document.title = shared ? `${shared.memo.title}: media plan` : "Media plan";
  }, [shared]);
  if (shared) return <Opening token={token} shared={shared} />;
  return (
    <Center mih="100vh" p="md" component="main">
      {token !== "" && isPending ? (
        <Loader aria-label="Loading" />
      ) : (
        <Stack maw={480}>
          <Title order={1} size="h3">
            Media plan
          </Title>
          <Problem
            error={error ?? new Error("This link is not whole: what stands behind # is missing. Copy it again from where you got it.")}
          />
        </Stack>
      )}
    </Center>
  );
}

const CLOSED: Record<Exclude<Opened["standing"], "open">, { colour: string; words: (sender: string) => string }> = {
  replaced: { colour: "orange", words: (sender) => `A newer plan took the place of this one. Ask ${sender} for its link.` },
  under_way: { colour: "teal", words: () => "This plan is being carried out." },
  over: { colour: "gray", words: () => "This campaign is over." },
  given_up: { colour: "gray", words: (sender) => `This plan was given up. Ask ${sender} what comes in its place.` },
};

function Opening({ token, shared }: { token: string; shared: Opened }) {
  const { memo } = shared;
  const from = shared.house ? `${shared.sender}, ${shared.house}` : shared.sender;
  return (
    <Container size="md" py={{ base: "md", sm: "xl" }} component="main" className="memo">
      <Stack gap="xl">
        <header>
          <Text c="dimmed" size="sm" className="anywhere">
            Media plan for {shared.name}, from {from}
          </Text>
          <Title order={1} className="anywhere">
            {memo.title}
          </Title>
          <Text size="lg" className="figures">
            {money(memo.total_budget, memo.currency)} · {day(memo.start_date, "long")} to {day(memo.end_date, "long")}
          </Text>
        </header>
        {memo.simulated && (
          <Alert color="yellow" icon={<Icon name="data" size={18} />}>
            <b>Simulated data.</b> Nothing here is a real campaign.
          </Alert>
        )}
        {shared.standing !== "open" && (
          <Alert color={CLOSED[shared.standing].colour} icon={<Icon name="clock" size={18} />}>
            {CLOSED[shared.standing].words(shared.sender)}
          </Alert>
        )}
        <Survey token={token} shared={shared} />
        <section aria-labelledby="advice">
          <Title order={2} size="h3" id="advice" mb="xs">
            What we recommend
          </Title>
          <Text size="lg" className="anywhere">
            {memo.headline}
          </Text>
          <Text mt="xs">
            {memo.sureness} {memo.price}
          </Text>
          <dl className="facts">
            {memo.facts.map((fact) => (
              <div key={fact.name}>
                <dt>{fact.name}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
          {shared.allows.length > 0 && (
            <Anchor href="#answer" className="no-print" onClick={toAnswer}>
              To your answer
            </Anchor>
          )}
        </section>
        <MemoSplit memo={memo} />
        <Expected memo={memo} />
        <Points memo={memo} />
        <Days token={token} shared={shared} />
        <Answer token={token} shared={shared} />
        <Text size="xs" c="dimmed" className="anywhere">
          Plan {memo.fingerprint}. {memo.rests_on} This page is for {shared.name} and opens until {day(shared.expires_at, "long")}.
        </Text>
      </Stack>
    </Container>
  );
}

/** What stands behind `#` opens the page, so leading on within it must leave that alone. */
function toAnswer(event: MouseEvent) {
  event.preventDefault();
  const answer = document.getElementById("answer");
  answer?.scrollIntoView({ behavior: "smooth" });
  answer?.focus({ preventScroll: true });
}
