import { Alert, Anchor, List } from "@mantine/core";
import { Link } from "react-router";
import { Icon } from "../../parts/Icon";
import { platformName } from "../../words/figures";
import { counted } from "../../words/sureness";
import type { Period } from "./period";
import { type Whose, useDoubts } from "./queries";

/** What the period's figures cannot tell, and where to mend it. */
export function Doubts({ whose, period, ends }: { whose: Whose; period: Period; /** Where figures end before the period does, in words. */ ends: string[] }) {
  const { data } = useDoubts(whose, period);
  if (!data) return null;
  const above = !whose.campaign;
  const words = [
    ...ends,
    ...(above ? data.missing.map((one) => `${platformName(one.platform)}: on ${counted(one.days, "day")} some campaigns have no figures, though they ran before and after. They may have been paused, or an export is missing.`) : []),
    ...(above ? data.without_groups.map((one) => `${platformName(one.platform)}, account ${one.account_id}: the exports have no figures of ${one.platform === "meta_ads" ? "ad sets" : "ad groups"} for these days, so there is nothing below its campaigns.`) : []),
    ...(above && data.set_aside > 0 ? [`${counted(data.set_aside, "row")} of these days could not be used; what ${data.set_aside === 1 ? "it says" : "they say"} is missing here.`] : []),
    ...(above && data.set_aside_undated > 0 ? [`${counted(data.set_aside_undated, "row")} could not be used, of which no day can be told: ${data.set_aside_undated === 1 ? "it" : "they"} may belong here.`] : []),
  ];
  if (words.length === 0) return null;
  return (
    <Alert variant="light" color="yellow" icon={<Icon name="alert" />} title="What these figures cannot tell">
      <List size="sm" spacing={4}>
        {words.map((one) => (
          <List.Item key={one}>{one}</List.Item>
        ))}
      </List>
      <Anchor component={Link} to="/data" size="sm" c="inherit" underline="always">
        See what was imported, and which days are there
      </Anchor>
    </Alert>
  );
}
