import type { Schemas } from "../../api/client";

export type Range = Schemas["Range"];
export type Calibration = Schemas["Calibration"];
export type Model = Schemas["ModelAnswer"];
export type ModelSummary = Schemas["ModelSummary"];
export type PastProof = Schemas["PastProof"];
export type Proof = Schemas["ModelProof"];
export type Version = Schemas["ModelVersion"];

/** What a backtest found (docs/backtest.md, `backtest.json`). */
export interface Backtest {
  headline: string;
  sentences: string[];
  notes: string[];
  metric: string;
  currency: string;
  simulated: boolean;
  first_date: string | null;
  last_date: string | null;
  weeks: number;
  finding: "better" | "no clear difference" | "worse" | "not enough data";
  better: number;
  gain: Range | null;
  probability_better: number | null;
  windows: Window[];
}

export interface Window {
  start: string;
  end: string;
  spend: number;
  moved: number;
  counted: number;
  earned: Range;
  gain: Range;
  probability_better: number;
  promised: Range;
  enough_overlap: boolean;
  overlap: number;
  forecast: Range;
  by_last_weeks: number;
  lines: Line[];
}

export interface Line {
  id: string;
  name: string;
  platform: string;
  made: number;
  advised: number;
  counted: number;
  expected: Range;
  earned: Range;
}

/** What a comparison of models found (docs/models.md, `models.json`). */
export interface Comparison {
  headline: string;
  sentences: string[];
  notes: string[];
  simulated: boolean;
  first_date: string | null;
  last_date: string | null;
  weeks: number;
  lines: number;
  outcomes: OutcomeTable[];
}

export interface OutcomeTable {
  outcome: string;
  verdict: "earns its place" | "structural model stays";
  folds: number;
  forecasts: number;
  counted: number;
  first_date: string;
  last_date: string;
  models: ModelRow[];
  together: ModelRow;
  /** Missing where the comparison was made by an earlier version. */
  stretches?: Stretch[];
}

export interface ModelRow {
  name: string;
  label: string;
  error: number | null;
  cover: number | null;
  stacked_error: number | null;
  stacked_cover: number | null;
  adds: Range | null;
  saves: Range | null;
}

export interface Stretch {
  first_date: string;
  last_date: string;
  forecasts: number;
  counted: number;
  error: number;
  held: number;
  stacked_error: number;
  stacked_held: number;
}
