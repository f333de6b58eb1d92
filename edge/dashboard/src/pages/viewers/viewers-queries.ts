import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { ViewerAddress, ViewerRow, ViewerSession } from "@tributary/shared/admin-api/viewers"
import { call, path } from "../../api/call.ts"
import { tellDone, tellFailed } from "../../parts/tell.ts"

/** All viewers, by username. */
export const viewersQuery = queryOptions({
  queryKey: ["viewers"],
  queryFn: ({ signal }) => call<ViewerRow[]>("GET", "/viewers", undefined, signal),
  refetchInterval: 5_000,
})

/** What one viewer plays now. */
export const sessionsQuery = (username: string) =>
  queryOptions({
    queryKey: ["viewer-sessions", username],
    queryFn: ({ signal }) =>
      call<ViewerSession[]>("GET", `${path("viewers", username)}/sessions`, undefined, signal),
    refetchInterval: 3_000,
  })

/** Has viewers and their sessions asked for anew. */
export function useViewersChanged() {
  const client = useQueryClient()
  return () =>
    Promise.all(["viewers", "viewer-sessions"].map((key) => client.invalidateQueries({ queryKey: [key] })))
}

export function useDeleteViewer(onDeleted: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (username: string) => call("DELETE", path("viewers", username)),
    onSuccess: (_answer, username) => {
      tellDone(`${username} is deleted.`)
      onDeleted()
      return client.invalidateQueries({ queryKey: viewersQuery.queryKey })
    },
    onError: (error) => tellFailed("The viewer was not deleted", error),
  })
}

/** Ends one session: its player is cut off a few seconds later. */
export function useEndSession(username: string, session: string) {
  const changed = useViewersChanged()
  return useMutation({
    mutationFn: () => call("DELETE", path("viewers", username, "sessions", session)),
    onSuccess: () => {
      tellDone("It ends within 5 seconds.")
      return changed()
    },
    onError: (error) => tellFailed("The session goes on", error),
  })
}

/** Asked for on purpose only, as it has the password and stands in the list of changes. */
export function useAddresses(username: string) {
  return useMutation({
    mutationFn: () => call<ViewerAddress>("POST", `${path("viewers", username)}/address`, {}),
  })
}
