import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Schemas, api, taken } from "../../api/client";

export type Shared = Schemas["SharedMemo"];
export type Memo = Schemas["Memo"];

/** What a link opens. */
export function useShared(token: string) {
  return useQuery({
    queryKey: ["shared", token],
    queryFn: () => taken(api.POST("/v1/shared/look", { body: { token } })) as Promise<Shared>,
    enabled: token !== "",
    retry: false,
    staleTime: Infinity,
  });
}

export function useComment(token: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: Omit<Schemas["CommentAsked"], "token">) => taken(api.POST("/v1/shared/comment", { body: { token, ...asked } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["shared", token] }),
  });
}

export function useSayYes(token: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: Omit<Schemas["YesAsked"], "token">) =>
      taken(api.POST("/v1/shared/approve", { body: { token, ...asked } })) as Promise<Shared>,
    onSuccess: (shared) => client.setQueryData(["shared", token], shared),
  });
}

export function useAnswerSurvey(token: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: Omit<Schemas["SurveyAsked"], "token">) => taken(api.POST("/v1/shared/survey", { body: { token, ...asked } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["shared", token] }),
  });
}
