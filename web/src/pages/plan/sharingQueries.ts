import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Schemas, api, taken } from "../../api/client";

export type Share = Schemas["ShareView"];
export type ClientRemark = Schemas["ClientRemark"];

export function useShares(id: string) {
  return useQuery({
    queryKey: ["plans", id, "shares"],
    queryFn: () => taken(api.GET("/v1/plans/{plan_id}/shares", { params: { path: { plan_id: id } } })),
  });
}

export function useShare(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: Schemas["ShareAsked"]) =>
      taken(api.POST("/v1/plans/{plan_id}/shares", { params: { path: { plan_id: id } }, body: asked })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["plans", id, "shares"] }),
  });
}

export function useRevoke(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (share: string) =>
      taken(api.DELETE("/v1/plans/{plan_id}/shares/{share_id}", { params: { path: { plan_id: id, share_id: share } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["plans", id, "shares"] }),
  });
}

/** What clients said of a plan. */
export function usePlanRemarks(id: string) {
  return useQuery({
    queryKey: ["plans", id, "remarks"],
    queryFn: () => taken(api.GET("/v1/plans/{plan_id}/comments", { params: { path: { plan_id: id } } })),
    refetchInterval: 60_000,
  });
}

/** Answers what a client said. */
export function useReply(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: { remark: string; text: string }) =>
      taken(
        api.PUT("/v1/plans/{plan_id}/comments/{remark_id}/reply", {
          params: { path: { plan_id: id, remark_id: asked.remark } },
          body: { text: asked.text },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["plans", id, "remarks"] }),
  });
}

/** What clients said of any plan, the newest first. */
export function useClientRemarks() {
  return useQuery({
    queryKey: ["plans", "remarks"],
    queryFn: () => taken(api.GET("/v1/client-remarks", { params: { query: { limit: 50 } } })),
    refetchInterval: 60_000,
  });
}

/** What clients thought, of one plan or of all. */
export function useSatisfaction(planId?: string) {
  return useQuery({
    queryKey: ["plans", "satisfaction", planId],
    queryFn: () => taken(api.GET("/v1/satisfaction", { params: { query: { plan_id: planId } } })),
    staleTime: 60_000,
  });
}
