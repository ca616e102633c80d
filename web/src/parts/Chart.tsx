import { useMantineColorScheme, useMantineTheme } from "@mantine/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

use([LineChart, BarChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

export interface Series {
  name: string;
  /** The middle; `null` where nothing is known. */
  points: [number | string, number | null][];
  /** The range around it, point by point; `null` where none is known. */
  range?: ([number, number] | null)[];
  kind?: "line" | "bar";
  dashed?: boolean;
}

export interface ChartData {
  series: Series[];
  x: "number" | "day";
  xName?: string;
  yName?: string;
  xWords: (value: number | string) => string;
  yWords: (value: number) => string;
  /** Lines across, with their words. */
  marks?: { at: number | string; words: string }[];
}

const COLOURS = ["indigo", "teal", "orange", "grape", "cyan", "red"] as const;

/** A drawn chart. What it shows stands beside it as words and as a table, for whoever cannot see it. */
export default function Chart({ data, height, label }: { data: ChartData; height: number; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<EChartsType | null>(null);
  const theme = useMantineTheme();
  const dark = useMantineColorScheme().colorScheme !== "light" && document.documentElement.dataset.mantineColorScheme === "dark";
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const chart = init(box);
    drawn.current = chart;
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(box);
    return () => {
      watcher.disconnect();
      chart.dispose();
      drawn.current = null;
    };
  }, []);
  useEffect(() => {
    const colours = COLOURS.map((name) => theme.colors[name]?.[dark ? 4 : 7] ?? "#888");
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    drawn.current?.setOption({ ...optionOf(data, colours, dark), animation: !still, animationDuration: 250 }, { notMerge: true });
  }, [data, dark, theme]);
  return <div ref={place} style={{ width: "100%", height }} role="img" aria-label={`${label}: a chart; its figures are in the table`} />;
}

function optionOf(data: ChartData, colours: string[], dark: boolean): EChartsCoreOption {
  const faint = dark ? "#a6a7ab" : "#5c5f66";
  const rule = dark ? "#373a40" : "#e9ecef";
  const words = { color: faint, fontFamily: "inherit" };
  const many = data.series.length > 1;
  return {
    color: colours,
    grid: { left: 8, right: 16, top: many ? 36 : 16, bottom: data.xName ? 28 : 8, containLabel: true },
    legend: many ? { top: 0, left: 0, type: "scroll", textStyle: words, data: data.series.map((one) => one.name) } : undefined,
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: dark ? "#25262b" : "#fff",
      borderColor: rule,
      textStyle: { color: dark ? "#e9ecef" : "#212529" },
      formatter: (parts: unknown) => hoverWords(data, parts),
    },
    xAxis: {
      type: data.x === "number" ? "value" : "category",
      max: data.x === "number" ? "dataMax" : undefined,
      name: data.xName,
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: words,
      axisLabel: { ...words, formatter: data.xWords, hideOverlap: true },
      axisLine: { lineStyle: { color: rule } },
      splitLine: { show: false },
      boundaryGap: data.series.some((one) => one.kind === "bar"),
    },
    yAxis: {
      type: "value",
      axisLabel: { ...words, formatter: data.yWords },
      splitLine: { lineStyle: { color: rule } },
      scale: false,
    },
    series: data.series.flatMap((one, number) => seriesOf(one, colours[number % colours.length] ?? "#888", number === 0 ? data.marks : [], faint)),
  };
}

function seriesOf(one: Series, colour: string, marks: ChartData["marks"], faint: string): object[] {
  const line = {
    name: one.name,
    type: one.kind ?? "line",
    data: one.points,
    symbol: "none",
    lineStyle: { width: 2, color: colour, type: one.dashed ? "dashed" : "solid" },
    itemStyle: { color: colour },
    z: 3,
    markLine: marks?.length
      ? {
          symbol: "none",
          silent: true,
          lineStyle: { color: faint, type: "dashed" },
          label: { color: faint, formatter: (mark: { name: string }) => mark.name },
          data: marks.map((mark) => ({ name: mark.words, xAxis: mark.at })),
        }
      : undefined,
  };
  if (!one.range) return [line];
  const shared = { type: "line", symbol: "none", silent: true, lineStyle: { opacity: 0 }, stack: `range of ${one.name}`, stackStrategy: "all" };
  const range = one.range;
  return [
    { ...shared, data: one.points.map(([x], at) => [x, range[at]?.[0] ?? null]) },
    { ...shared, areaStyle: { color: colour, opacity: 0.18 }, data: one.points.map(([x], at) => [x, spread(range[at])]) },
    line,
  ];
}

const spread = (range: [number, number] | null | undefined) => (range ? range[1] - range[0] : null);

/** What stands beside the pointer: the middle and the range of each series there. */
function hoverWords(data: ChartData, parts: unknown): string {
  const first = (Array.isArray(parts) ? parts[0] : parts) as { dataIndex: number; axisValue: number | string } | undefined;
  if (!first) return "";
  const rows = data.series.map((one) => {
    const middle = one.points[first.dataIndex]?.[1];
    const range = one.range?.[first.dataIndex];
    if (middle === null || middle === undefined) return "";
    const said = range ? `${data.yWords(range[0])} to ${data.yWords(range[1])}` : data.yWords(middle);
    return `<div>${escaped(one.name)}: <b>${escaped(said)}</b></div>`;
  });
  return `<div>${escaped(data.xWords(first.axisValue))}</div>${rows.join("")}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
