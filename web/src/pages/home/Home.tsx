import { Button } from "@mantine/core";
import { Link } from "react-router";
import { useHistorySummary } from "../../api/queries";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { NoData, SampleNotice } from "../../parts/SampleData";
import { day } from "../../words/figures";
import { Satisfied } from "../plan/Satisfied";
import { Actuals } from "./Actuals";
import { Needs } from "./Needs";
import { Week } from "./Week";

/** What needs me now, how plans do, and the week in words. */
export default function Home() {
  const history = useHistorySummary();
  if (history.isPending) return <Loading rows={4} />;
  const known = history.data?.last_date;
  return (
    <Page
      title="Home"
      about={known ? `Figures up to ${day(known, "long")}` : undefined}
      actions={
        <Button component={Link} to="/compose">
          New plan
        </Button>
      }
    >
      <Problem error={history.error} retry={() => void history.refetch()} />
      <SampleNotice />
      {history.data && !known && <NoData />}
      <Section id="needs" title="What needs you now">
        <Needs />
      </Section>
      {known && <Week last={known} />}
      <Actuals />
      <Satisfied title="What clients thought" />
    </Page>
  );
}
