import { useMantineColorScheme } from "@mantine/core";
import { Spotlight, type SpotlightActionGroupData, spotlight } from "@mantine/spotlight";
import { useEffect } from "react";
import { useNavigate } from "react-router";
import { useBriefs, usePlans } from "../api/queries";
import { useSignOut } from "../api/session";
import { Icon } from "../parts/Icon";
import { money } from "../words/figures";
import { readyToOpen } from "./opening";
import { PLACES } from "./pages";

/** Finds pages, briefs and plans, and does what needs no page. */
export default function Palette() {
  const go = useNavigate();
  const plans = usePlans();
  const briefs = useBriefs();
  const out = useSignOut();
  const { toggleColorScheme } = useMantineColorScheme();
  useEffect(() => readyToOpen(spotlight.open), []);
  const groups: SpotlightActionGroupData[] = [
    {
      group: "Pages",
      actions: PLACES.map((place) => ({
        id: place.to,
        label: place.label,
        description: place.about,
        leftSection: <Icon name={place.icon} />,
        onClick: () => void go(place.to),
      })),
    },
    {
      group: "Plans",
      actions: (plans.data?.items ?? []).map((plan) => ({
        id: plan.id,
        label: plan.title,
        description: `${money(plan.total_budget, plan.currency)}, ${plan.state.replace("_", " ")}`,
        leftSection: <Icon name="compose" />,
        onClick: () => void go(`/plans/${plan.id}`),
      })),
    },
    {
      group: "Briefs",
      actions: (briefs.data?.items ?? []).map((brief) => ({
        id: brief.id,
        label: brief.title,
        leftSection: <Icon name="file" />,
        onClick: () => void go(`/briefs/${brief.id}`),
      })),
    },
    {
      group: "Do",
      actions: [
        { id: "scheme", label: "Switch between light and dark", leftSection: <Icon name="moon" />, onClick: () => toggleColorScheme() },
        { id: "out", label: "Sign out", leftSection: <Icon name="out" />, onClick: () => out.mutate() },
      ],
    },
  ];
  return (
    <Spotlight
      actions={groups.filter((group) => group.actions.length > 0)}
      shortcut={null}
      limit={12}
      scrollable
      highlightQuery
      nothingFound="Nothing of that name"
      searchProps={{ placeholder: "A page, a plan, a brief, or what to do", "aria-label": "Find or do", leftSection: <Icon name="search" /> }}
    />
  );
}
