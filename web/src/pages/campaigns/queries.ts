import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type Schemas, api, taken } from "../../api/client";
import type { paths } from "../../api/schema";
import { shiftedDay } from "../../words/figures";
import type { Period } from "./period";

export type Figures = Schemas["Figures"];
export type MemberTotals = Schemas["MemberTotals"];
export type Trends = Schemas["Trends"];
export type Ad = Schemas["AdView"];
export type SourceRow = Schemas["SourceRow"];
export type LineDetail = Schemas["LineDetail"];
export type SettingsChange = Schemas["SettingsChange"];
export type LineSettings = Schemas["LineSettings"];
export type Level = Schemas["MemberTotals"]["level"];
type TotalsAsked = NonNullable<paths["/v1/history/totals"]["get"]["parameters"]["query"]>;
export type SortedBy = NonNullable<TotalsAsked["sort"]>;

/** Whose figures: all, a platform's, a campaign's, an ad group's, or a budget line's. */
export interface Whose {
  platform?: string;
  campaign?: string;
  group?: string;
  line?: string;
}

type Platform = "google_ads" | "meta_ads";

/** As the API's parameters. */
export function asked(whose: Whose) {
  return {
    platform: whose.platform as Platform | undefined,
    campaign_id: whose.campaign,
    group_id: whose.group,
    line_id: whose.line,
  };
}

/** The level that daily figures are of. */
export function levelOf(whose: Whose): Level | undefined {
  if (whose.line) return undefined;
  return whose.group ? "ad_group" : "campaign";
}

export interface Ranking {
  by: SortedBy;
  ascending: boolean;
  search: string;
  currency: string | undefined;
}

const AT_ONCE = 50;

/** What `/v1/history/totals` is asked for. */
export function totalsAsked(whose: Whose, level: Level, period: Period, ranking: Ranking): TotalsAsked {
  return {
    ...asked(whose),
    level,
    first: period.first,
    last: period.last,
    compare: period.compare,
    sort: ranking.by,
    ascending: ranking.ascending,
    search: ranking.search || undefined,
    currency: ranking.currency,
  };
}

/** Members of a level with their figures, as many pages as were asked for. */
export function useMembers(whose: Whose, level: Level, period: Period, ranking: Ranking) {
  const query = totalsAsked(whose, level, period, ranking);
  const found = useInfiniteQuery({
    queryKey: ["history", "totals", query],
    queryFn: ({ pageParam }) => taken(api.GET("/v1/history/totals", { params: { query: { ...query, limit: AT_ONCE, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  return { ...found, members: found.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** Who a campaign or ad group is, by its last day with figures; `null` where there is none. */
export function useIdentity(whose: Whose) {
  const of = { ...asked(whose), line_id: undefined };
  return useQuery({
    queryKey: ["history", "facts", "identity", of],
    queryFn: async () => {
      const page = await taken(api.GET("/v1/history/facts", { params: { query: { ...of, level: levelOf(whose), limit: 1 } } }));
      return page.items[0] ?? null;
    },
    enabled: Boolean(whose.campaign),
    staleTime: 60_000,
  });
}

const BY_DAY_UP_TO = 120;

export function useTrendsOf(whose: Whose, period: Period, currency: string | undefined, enabled = true) {
  const by = period.days > BY_DAY_UP_TO ? "week" : "day";
  const query = { ...asked(whose), first: period.first, last: period.last, compare: period.compare, by, currency } as const;
  return useQuery({
    queryKey: ["history", "trends", query],
    queryFn: () => taken(api.GET("/v1/history/trends", { params: { query } })),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** A period's days as they are, beside nothing. */
export function useByDay(whose: Whose, period: Period, currency: string) {
  const query = { ...asked(whose), first: period.first, last: period.last, by: "day", currency } as const;
  return useQuery({
    queryKey: ["history", "trends", query],
    queryFn: () => taken(api.GET("/v1/history/trends", { params: { query } })),
  });
}

const MOST_DAYS = 1100;

/** The accounts that there are figures of. */
export function useAccounts(first: string, last: string): MemberTotals[] {
  const since = shiftedDay(last, 1 - MOST_DAYS);
  const query = { level: "account", first: first > since ? first : since, last, limit: 500 } as const;
  const { data } = useQuery({
    queryKey: ["history", "totals", query],
    queryFn: () => taken(api.GET("/v1/history/totals", { params: { query } })),
    staleTime: 60_000,
  });
  return data?.items ?? [];
}

/** What the period's figures cannot tell. */
export function useDoubts(whose: Whose, period: Period) {
  const query = { ...asked(whose), first: period.first, last: period.last };
  return useQuery({
    queryKey: ["history", "doubts", query],
    queryFn: () => taken(api.GET("/v1/history/doubts", { params: { query } })),
  });
}

export function useAds(whose: Whose, period: Period) {
  return useQuery({
    queryKey: ["history", "ads", whose, period.first, period.last],
    queryFn: () =>
      taken(
        api.GET("/v1/history/ads", {
          params: {
            query: {
              platform: whose.platform as Platform,
              campaign_id: whose.campaign ?? "",
              group_id: whose.group,
              first: period.first,
              last: period.last,
              limit: 500,
            },
          },
        }),
      ),
    enabled: Boolean(whose.platform && whose.campaign),
  });
}

/** Daily figures, the last day first: of a campaign or ad group by day, of more by day and campaign. */
export function useDays(whose: Whose, first: string, last: string, open: boolean) {
  const query = { ...asked(whose), level: levelOf(whose), first, last, limit: 500 };
  return useQuery({
    queryKey: ["history", "facts", query],
    queryFn: () => taken(api.GET("/v1/history/facts", { params: { query } })),
    enabled: open,
  });
}

/** The rows of exports behind a day. */
export function useSourceRows(whose: Whose, day: string) {
  return useQuery({
    queryKey: ["history", "rows", whose, day],
    queryFn: () => taken(api.GET("/v1/history/rows", { params: { query: { ...rowsAsked(whose, day), limit: 200 } } })),
    enabled: Boolean(whose.campaign),
  });
}

export function rowsAsked(whose: Whose, day: string) {
  return { platform: whose.platform as Platform, campaign_id: whose.campaign ?? "", group_id: whose.group, date: day };
}

export function useLine(id: string | null | undefined) {
  return useQuery({
    queryKey: ["history", "lines", id],
    queryFn: () => taken(api.GET("/v1/history/lines/{line_id}", { params: { path: { line_id: id ?? "" } } })),
    enabled: Boolean(id),
  });
}

/** The address of a list's whole table. */
export function tableAt(path: string, query: Record<string, string | number | boolean | null | undefined>): string {
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return `${path}?${new URLSearchParams([...known.map(([name, value]): [string, string] => [name, String(value)]), ["format", "csv"]]).toString()}`;
}
