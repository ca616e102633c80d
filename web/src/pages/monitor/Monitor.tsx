import { Route, Routes } from "react-router";
import Missing from "../Missing";
import { AlertPage } from "./AlertPage";
import { JobPage } from "./JobPage";
import { Overview } from "./Overview";
import { PlanWatch } from "./PlanWatch";

/** What runs, what is wrong, what it costs and what to do. */
export default function Monitor() {
  return (
    <Routes>
      <Route index element={<Overview />} />
      <Route path="alerts/:id" element={<AlertPage />} />
      <Route path="plans/:id" element={<PlanWatch />} />
      <Route path="jobs/:id" element={<JobPage />} />
      <Route path="*" element={<Missing />} />
    </Routes>
  );
}
