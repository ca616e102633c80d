import { Navigate, Route, Routes, useSearchParams } from "react-router";
import { LevelPage } from "./LevelPage";
import { LinePage } from "./LinePage";

/** What every campaign brought: platforms, campaigns, ad groups and ads, down to the rows a figure rests on. */
export default function Campaigns() {
  return (
    <Routes>
      <Route index element={<Top />} />
      <Route path="lines/:line" element={<LinePage />} />
      <Route path=":platform" element={<LevelPage />} />
      <Route path=":platform/:campaign" element={<LevelPage />} />
      <Route path=":platform/:campaign/:group" element={<LevelPage />} />
    </Routes>
  );
}

/** All of it, or the budget line that the address names. */
function Top() {
  const line = useSearchParams()[0].get("line");
  return line ? <Navigate to={`lines/${encodeURIComponent(line)}`} replace /> : <LevelPage />;
}
