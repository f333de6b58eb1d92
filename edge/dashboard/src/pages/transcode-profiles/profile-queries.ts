import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { TranscodeProfileRow, TranscodeTest } from "@tributary/shared/admin-api/transcode-profiles"
import type { ApiError } from "../../api/api-error.ts"
import { call, path } from "../../api/call.ts"
import { tellFailed } from "../../parts/tell.ts"

/** All transcode profiles, the built-in ones first. */
export const transcodeProfilesQuery = queryOptions({
  queryKey: ["transcode-profiles"],
  queryFn: ({ signal }) => call<TranscodeProfileRow[]>("GET", "/transcode-profiles", undefined, signal),
})

/** Has the profiles asked for anew. */
export function useProfilesChanged() {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: transcodeProfilesQuery.queryKey })
}

/** Deletes a profile; where it replaced a built-in one, that is back. */
export function useDeleteProfile({ id, name }: Pick<TranscodeProfileRow, "id" | "name">) {
  const changed = useProfilesChanged()
  return useMutation({
    mutationFn: () => call("DELETE", path("transcode-profiles", id)),
    onSuccess: changed,
    onError: (error) => tellFailed(`${name} was not deleted`, error),
  })
}

/** Runs ffmpeg by a profile, which need not be saved, on a test picture. */
export function useProfileTest() {
  return useMutation<TranscodeTest, ApiError, Record<string, unknown>>({
    mutationFn: (body) => call<TranscodeTest>("POST", "/transcode-profiles/test", body),
  })
}
