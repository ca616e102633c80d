import { Tabs } from "@mantine/core";
import { Route, Routes, useLocation, useNavigate } from "react-router";
import { useHistorySummary } from "../../api/queries";
import { Page } from "../../parts/Page";
import { SampleNotice } from "../../parts/SampleData";
import { whole } from "../../words/figures";
import Missing from "../Missing";
import { Actions } from "./Actions";
import { ImportPage } from "./ImportPage";
import { Imports } from "./Imports";
import { Overview } from "./Overview";
import { Pulls } from "./Pulls";
import { Quarantine } from "./Quarantine";

const TABS = [
  { at: "overview", label: "Overview" },
  { at: "imports", label: "Imports" },
  { at: "quarantine", label: "Not usable" },
  { at: "pulls", label: "Pulls" },
  { at: "actions", label: "Conversions" },
];

/** What was imported, what could not be used, and which days are there. */
export default function Data() {
  const go = useNavigate();
  const here = useLocation().pathname.split("/")[2] || "overview";
  const quarantine = useHistorySummary().data?.quarantine ?? {};
  const unusable = Object.values(quarantine).reduce((sum, one) => sum + one, 0);
  return (
    <Page title="Data" about="What was imported, what could not be used, and which days are there">
      <SampleNotice />
      <Tabs value={here} onChange={(to) => void go(to === "overview" ? "/data" : `/data/${to}`)} keepMounted={false}>
        <Tabs.List>
          {TABS.map((tab) => (
            <Tabs.Tab key={tab.at} value={tab.at}>
              {tab.label}
              {tab.at === "quarantine" && unusable > 0 ? ` (${whole(unusable)})` : ""}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={here} pt="md">
          <Routes>
            <Route path="" element={<Overview />} />
            <Route path="imports" element={<Imports />} />
            <Route path="imports/:id" element={<ImportPage />} />
            <Route path="quarantine" element={<Quarantine importId={null} />} />
            <Route path="pulls" element={<Pulls />} />
            <Route path="actions" element={<Actions />} />
            <Route path="*" element={<Missing />} />
          </Routes>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
