import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type Schemas, api, taken } from "../../api/client";
import type { Job } from "../../api/queries";
import { shiftedDay } from "../../words/figures";

export type Import = Schemas["ImportView"];
export type Freshness = Omit<Schemas["FreshnessView"], "under_way"> & { under_way: number[] | null };
export type CoverageDay = Schemas["CoverageDay"];
export type SetAside = Pick<Schemas["QuarantineRow"], "reason" | "detail" | "file" | "position" | "raw">;
export type Member = Schemas["MemberTotals"];

/** What trying an upload out, or importing it, tells. */
export interface Report extends Omit<Import, "can_retry"> {
  examples?: SetAside[];
}

export function useImports() {
  return useInfiniteQuery({
    queryKey: ["imports", "list"],
    queryFn: ({ pageParam }) => taken(api.GET("/v1/imports", { params: { query: { limit: 25, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useImport(id: number) {
  return useQuery({
    queryKey: ["imports", id],
    queryFn: () => taken(api.GET("/v1/imports/{import_id}", { params: { path: { import_id: id } } })) as Promise<Import>,
  });
}

/** Rows that could not be used: of one import, or of all. */
export function useSetAside(importId: number | null, reason: string | null) {
  return useInfiniteQuery({
    queryKey: ["history", "quarantine", importId, reason],
    queryFn: ({ pageParam }) => {
      const query = { limit: 50, cursor: pageParam, ...(reason ? { reason: reason as never } : {}) };
      return importId === null
        ? taken(api.GET("/v1/history/quarantine", { params: { query } }))
        : taken(api.GET("/v1/imports/{import_id}/quarantine", { params: { path: { import_id: importId }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useFreshness() {
  return useQuery({ queryKey: ["pulls", "freshness"], queryFn: () => taken(api.GET("/v1/pulls/freshness", { params: { query: { limit: 200 } } })) });
}

export function usePulls() {
  return useQuery({ queryKey: ["pulls", "list"], queryFn: () => taken(api.GET("/v1/pulls", { params: { query: { limit: 30 } } })) });
}

export function useConnected(may: boolean) {
  return useQuery({
    queryKey: ["accounts", "list"],
    queryFn: () => taken(api.GET("/v1/accounts", { params: { query: { limit: 200 } } })),
    enabled: may,
  });
}

export function useCoverage(first?: string, last?: string) {
  return useQuery({
    queryKey: ["history", "coverage", first, last],
    queryFn: () => taken(api.GET("/v1/history/coverage", { params: { query: { by: "account", first, last } } })) as Promise<Schemas["Coverage"]>,
    placeholderData: keepPreviousData,
  });
}

/** The accounts that figures are known of, over the last three years. */
export function useMembers(last: string) {
  return useQuery({
    queryKey: ["history", "members", last],
    queryFn: () => taken(api.GET("/v1/history/totals", { params: { query: { level: "account", limit: 200, first: shiftedDay(last, -1095), last } } })),
  });
}

export interface Sent {
  files: File[];
  platform: "google_ads" | "meta_ads" | "crm" | null;
  dryRun: boolean;
}

/** Sends exports, to be tried out or imported. Folders stand in the files' names. */
export function sendFiles({ files, platform, dryRun }: Sent): Promise<Job> {
  return taken(
    api.POST("/v1/imports", {
      body: { files: [], dry_run: dryRun },
      bodySerializer: () => {
        const form = new FormData();
        for (const file of files) form.append("files", file, pathOf(file));
        if (platform) form.append("platform", platform);
        form.append("dry_run", String(dryRun));
        return form;
      },
    }),
  ) as Promise<Job>;
}

const PATHS = new WeakMap<File, string>();

/** Keeps in which folder a file lay that was dropped. */
export function placed(file: File, path: string): File {
  PATHS.set(file, path);
  return file;
}

export function pathOf(file: File): string {
  return PATHS.get(file) ?? (file.webkitRelativePath || file.name);
}

export const retryImport = (id: number) =>
  taken(api.POST("/v1/imports/{import_id}/retry", { params: { path: { import_id: id } } })) as Promise<Job>;

export const pullNow = (account: string | null) => taken(api.POST("/v1/pulls", { body: account ? { account } : {} })) as Promise<Job>;

export const mapAction = (asked: Schemas["ActionMapping"]) => taken(api.PUT("/v1/history/actions", { body: asked })) as Promise<Job>;

export const deleteData = ({ platform, account_id }: { platform: string; account_id: string }) =>
  taken(
    api.DELETE("/v1/history/accounts/{platform}/{account_id}", {
      params: { path: { platform: platform as "google_ads" | "meta_ads", account_id } },
    }),
  ) as Promise<Job>;
