import { Tabs } from "@mantine/core";
import { Navigate, Route, Routes, useLocation, useNavigate } from "react-router";
import { Page } from "../../parts/Page";
import { BacktestPage } from "./BacktestPage";
import { Backtests } from "./Backtests";
import { ComparisonPage } from "./ComparisonPage";
import { Comparisons } from "./Comparisons";
import { InUse } from "./InUse";
import { ModelPage } from "./ModelPage";

/** What predicts, and how far it can be trusted. */
export default function Models() {
  return (
    <Routes>
      <Route index element={<Tabbed tab="in-use" />} />
      <Route path="past" element={<Tabbed tab="past" />} />
      <Route path="past/:id" element={<BacktestPage />} />
      <Route path="comparisons" element={<Tabbed tab="comparisons" />} />
      <Route path="comparisons/:id" element={<ComparisonPage />} />
      <Route path=":id" element={<ModelPage />} />
      <Route path="*" element={<Navigate to="/models" replace />} />
    </Routes>
  );
}

const TABS = [
  { value: "in-use", label: "In use", to: "/models", show: InUse },
  { value: "past", label: "Tried on the past", to: "/models/past", show: Backtests },
  { value: "comparisons", label: "Comparisons", to: "/models/comparisons", show: Comparisons },
];

function Tabbed({ tab }: { tab: string }) {
  const go = useNavigate();
  const { pathname } = useLocation();
  const Shown = TABS.find((one) => one.value === tab)?.show ?? InUse;
  const choose = (value: string | null) => {
    const to = TABS.find((one) => one.value === value)?.to;
    if (to && to !== pathname) void go(to);
  };
  return (
    <Page title="Models" about="What decides here, what speaks for it, and how far its figures can be trusted.">
      <Tabs value={tab} onChange={choose} activateTabWithKeyboard={false}>
        <Tabs.List mb="lg">
          {TABS.map((one) => (
            <Tabs.Tab key={one.value} value={one.value}>
              {one.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((one) => (
          <Tabs.Panel key={one.value} value={one.value}>
            {one.value === tab && <Shown />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
