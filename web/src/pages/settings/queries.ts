import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Schemas, api, taken } from "../../api/client";
import type { Job } from "../../api/queries";
import { useMay } from "../../api/session";

export type Account = Schemas["AccountView"];
export type Freshness = Omit<Schemas["FreshnessView"], "under_way"> & { under_way: number[] | null };
export type Person = Schemas["PersonAnswer"];
export type Invitation = Schemas["InvitationAnswer"];
export type Role = Schemas["RoleAnswer"];
export type ApiKey = Schemas["KeyAnswer"];
export type Route = Schemas["NoticeRoute"];
export type Notices = Schemas["NoticesShown"];
export type Delivery = Schemas["DeliveryView"];
export type Schedule = Schemas["Schedule"];
export type Entry = Schemas["EntryAnswer"];
export type Workspace = Schemas["WorkspaceAnswer"];
export type Setting = Schemas["SettingView"];

const MANY = 500;

/** A change of the server; afterwards what it touches is asked for anew. */
function useChange<Given, Made>(change: (given: Given) => Promise<Made>, ...touches: string[][]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(touches.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export const useAccounts = () =>
  useQuery({ queryKey: ["accounts"], queryFn: () => taken(api.GET("/v1/accounts", { params: { query: { limit: MANY } } })) });

export const usePlatforms = () =>
  useQuery({ queryKey: ["accounts", "platforms"], queryFn: () => taken(api.GET("/v1/platforms")), staleTime: 300_000 });

export function useFreshness() {
  const may = useMay("history:read");
  return useQuery({
    queryKey: ["pulls", "freshness"],
    queryFn: () => taken(api.GET("/v1/pulls/freshness", { params: { query: { limit: MANY } } })),
    enabled: may,
    refetchInterval: 60_000,
  });
}

export const useConnect = () =>
  useChange((body: Schemas["AccountAdded"]) => taken(api.POST("/v1/accounts", { body })), ["accounts"], ["pulls"]);

export const useCheckAccount = () =>
  useChange((name: string) => taken(api.POST("/v1/accounts/{name}/check", { params: { path: { name } } })), ["accounts"]);

export const useRemoveAccount = () =>
  useChange((name: string) => taken(api.DELETE("/v1/accounts/{name}", { params: { path: { name } } })), ["accounts"], ["pulls"]);

export const usePull = () =>
  useChange((account: string) => taken(api.POST("/v1/pulls", { body: { account } })) as Promise<Job>, ["jobs", "list"]);

export const usePeople = () =>
  useQuery({ queryKey: ["people", "list"], queryFn: () => taken(api.GET("/v1/people", { params: { query: { limit: MANY } } })) });

export const useInvitations = () => useQuery({ queryKey: ["people", "invitations"], queryFn: () => taken(api.GET("/v1/invitations")) });

export const useRoles = () => useQuery({ queryKey: ["people", "roles"], queryFn: () => taken(api.GET("/v1/roles")) });

export const usePermissions = () =>
  useQuery({ queryKey: ["permissions"], queryFn: () => taken(api.GET("/v1/permissions")), staleTime: Infinity });

export const useInvite = () => useChange((body: Schemas["Invite"]) => taken(api.POST("/v1/invitations", { body })), ["people"]);

export const useWithdraw = () =>
  useChange((id: string) => taken(api.DELETE("/v1/invitations/{invitation_id}", { params: { path: { invitation_id: id } } })), ["people"]);

export const useGiveRole = () =>
  useChange(
    ({ id, role }: { id: string; role: string }) =>
      taken(api.PATCH("/v1/people/{person_id}", { params: { path: { person_id: id } }, body: { role } })),
    ["people"],
    ["session"],
  );

export const useRemovePerson = () =>
  useChange((id: string) => taken(api.DELETE("/v1/people/{person_id}", { params: { path: { person_id: id } } })), ["people"], ["session"]);

export const usePasswordLink = () =>
  useChange(({ id, off }: { id: string; off: boolean }) =>
    taken(api.POST("/v1/people/{person_id}/link", { params: { path: { person_id: id } }, body: { second_factor_off: off } })),
  );

export const useKeepRole = () =>
  useChange(
    ({ name, permissions }: { name: string; permissions: string[] }) =>
      taken(api.PUT("/v1/roles/{role}", { params: { path: { role: name } }, body: { permissions } })),
    ["people"],
    ["session"],
  );

export const useRemoveRole = () =>
  useChange((name: string) => taken(api.DELETE("/v1/roles/{role}", { params: { path: { role: name } } })), ["people"]);

export const useKeys = () =>
  useQuery({ queryKey: ["keys"], queryFn: () => taken(api.GET("/v1/keys", { params: { query: { limit: MANY } } })) });

export const useMakeKey = () => useChange((body: Schemas["CreateKey"]) => taken(api.POST("/v1/keys", { body })), ["keys"]);

export const useRevokeKey = () =>
  useChange((id: string) => taken(api.DELETE("/v1/keys/{key_id}", { params: { path: { key_id: id } } })), ["keys"]);

export const useNotices = () => useQuery({ queryKey: ["notices", "set"], queryFn: () => taken(api.GET("/v1/notices/configuration")) });

export const useSetNotices = () =>
  useChange((body: Schemas["NoticesSet"]) => taken(api.PUT("/v1/notices/configuration", { body })), ["notices"]);

export const useForgetNotices = () => useChange(() => taken(api.DELETE("/v1/notices/configuration")), ["notices"]);

export const useTestRoute = () =>
  useChange(
    (route: string) => taken(api.POST("/v1/notices/routes/{route}/test", { params: { path: { route } } })) as Promise<Job>,
    ["jobs", "list"],
  );

export function useDeliveries(state: Delivery["state"] | null) {
  return useInfiniteQuery({
    queryKey: ["notices", "deliveries", state],
    queryFn: ({ pageParam }) => taken(api.GET("/v1/notices/deliveries", { params: { query: { state, cursor: pageParam, limit: 30 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

export const useRetry = () => useChange(() => taken(api.POST("/v1/notices/deliveries/retry", { body: {} })), ["notices"]);

export const useSchedules = () =>
  useQuery({
    queryKey: ["jobs", "schedules"],
    queryFn: () => taken(api.GET("/v1/schedules", { params: { query: { limit: MANY } } })),
    refetchInterval: 30_000,
  });

export function useRuns(name: string, open: boolean) {
  return useQuery({
    queryKey: ["jobs", "schedules", name, "runs"],
    queryFn: () => taken(api.GET("/v1/schedules/{name}/runs", { params: { path: { name }, query: { limit: 10 } } })),
    enabled: open,
  });
}

export const useRunSchedule = () =>
  useChange((name: string) => taken(api.POST("/v1/schedules/{name}/run", { params: { path: { name } } })) as Promise<Job>, ["jobs"]);

export function useJobPages(state: Job["state"] | null) {
  return useInfiniteQuery({
    queryKey: ["jobs", "list", "pages", state],
    queryFn: ({ pageParam }) => taken(api.GET("/v1/jobs", { params: { query: { state, cursor: pageParam, limit: 30 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export interface Search {
  who?: string;
  what?: string;
  about?: string;
  since?: string;
  until?: string;
}

const askAudit = (search: Search, cursor: string | null, limit: number) =>
  taken(api.GET("/v1/audit", { params: { query: { ...search, cursor, limit } } }));

export function useAudit(search: Search) {
  return useInfiniteQuery({
    queryKey: ["audit", search],
    queryFn: ({ pageParam }) => askAudit(search, pageParam, 50),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

/** All that was found, page by page, up to a number that a sheet still opens with ease. */
export async function wholeAudit(search: Search, most = 50_000): Promise<Entry[]> {
  const found: Entry[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof askAudit>> = await askAudit(search, cursor, MANY);
    found.push(...page.items);
    cursor = page.next ?? null;
  } while (cursor && found.length < most);
  return found;
}

export const useOwnPerson = () => useQuery({ queryKey: ["you"], queryFn: () => taken(api.GET("/v1/session/person")) });

export const useRename = () => useChange((name: string) => taken(api.PATCH("/v1/session/person", { body: { name } })), ["you"], ["people"]);

export const useChangePassword = () =>
  useChange((body: Schemas["ChangePassword"]) => taken(api.POST("/v1/session/password", { body })), ["session"], ["you"]);

export const useTotp = () => useQuery({ queryKey: ["you", "totp"], queryFn: () => taken(api.GET("/v1/session/totp")) });

export const useBeginTotp = () => useChange((password: string) => taken(api.POST("/v1/session/totp", { body: { password } })));

export const useConfirmTotp = () =>
  useChange((code: string) => taken(api.POST("/v1/session/totp/confirm", { body: { code } })), ["you"], ["people"]);

export const useTurnTotpOff = () =>
  useChange((body: Schemas["TurnTotpOff"]) => taken(api.POST("/v1/session/totp/off", { body })), ["you"], ["people"]);

export const useDevices = () => useQuery({ queryKey: ["you", "devices"], queryFn: () => taken(api.GET("/v1/session/all")) });

export const useEndDevice = () =>
  useChange((id: string) => taken(api.DELETE("/v1/session/all/{session_id}", { params: { path: { session_id: id } } })), ["you"]);

export const useWorkspaces = () => useQuery({ queryKey: ["workspaces"], queryFn: () => taken(api.GET("/v1/workspaces")) });

export const useMakeWorkspace = () =>
  useChange((body: Schemas["CreateWorkspace"]) => taken(api.POST("/v1/workspaces", { body })), ["workspaces"], ["session"]);

export const useChangeWorkspace = () =>
  useChange(
    ({ id, ...body }: { id: string } & Schemas["ChangeWorkspace"]) =>
      taken(api.PATCH("/v1/workspaces/{workspace_id}", { params: { path: { workspace_id: id } }, body })),
    ["workspaces"],
    ["session"],
  );

export const useVersion = () => useQuery({ queryKey: ["version"], queryFn: () => taken(api.GET("/v1/version")) });

export const useSettings = () =>
  useQuery({ queryKey: ["settings"], queryFn: () => taken(api.GET("/v1/settings", { params: { query: { limit: MANY } } })) });
