import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { PoolRow, ProfileRow, SourceCheck, SourceRow } from "@tributary/shared/admin-api/sources"
import { call, path } from "../../api/call.ts"
import { inOrder } from "../../parts/order/in-order.ts"
import { tellFailed } from "../../parts/tell.ts"

/** All sources with their profiles, in their order. */
export const sourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: ({ signal }) => call<SourceRow[]>("GET", "/sources", undefined, signal),
  refetchInterval: 5_000,
})

/** How full one source is. */
export const poolQuery = (source: string) =>
  queryOptions({
    queryKey: ["pool", source],
    queryFn: ({ signal }) => call<PoolRow>("GET", `${path("sources", source)}/pool`, undefined, signal),
    refetchInterval: 3_000,
  })

/** Has what a change of sources touches asked for anew: their rows, how full they are, and what is imported. */
export function useSourcesChanged() {
  const client = useQueryClient()
  const askAnew = (key: string) => client.invalidateQueries({ queryKey: [key] })
  // The rows first: nobody is to ask how full a source is that was deleted.
  return () => askAnew("sources").then(() => Promise.all([askAnew("pool"), askAnew("imports")]))
}

/** A change of one source or of one of its profiles that needs no form. */
export function useChange<Answer>(method: "PATCH" | "DELETE", at: string, failed: string) {
  const changed = useSourcesChanged()
  return useMutation({
    mutationFn: (body?: unknown) => call<Answer>(method, at, body),
    onSuccess: changed,
    onError: (error) => tellFailed(failed, error),
  })
}

/** Asks the provider about a stored source, or about one of its profiles. */
export function useStoredCheck(at: string) {
  return useMutation({ mutationFn: () => call<SourceCheck>("POST", `${at}/test`) })
}

/** Puts all sources in order; they are shown so at once, and as before when that fails. */
export function useOrderSources() {
  return useOrder("/sources/order", (sources, ids) => inOrder(sources, ids))
}

/** The same of the profiles of one source. */
export function useOrderProfiles(source: string) {
  return useOrder(`${path("sources", source)}/profiles/order`, (sources, ids) =>
    sources.map((one) => (one.id === source ? { ...one, profiles: prioritised(one.profiles, ids) } : one)),
  )
}

const prioritised = (profiles: readonly ProfileRow[], ids: readonly string[]) =>
  profiles.map((profile) => ({ ...profile, priority: ids.indexOf(profile.id) }))

function useOrder(at: string, shown: (sources: SourceRow[], ids: readonly string[]) => SourceRow[]) {
  const client = useQueryClient()
  const changed = useSourcesChanged()
  const { queryKey } = sourcesQuery
  return useMutation({
    mutationFn: (ids: readonly string[]) => call("PUT", at, { ids }),
    onMutate: async (ids) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      if (before !== undefined) client.setQueryData(queryKey, shown(before, ids))
      return before
    },
    onError: (error, _ids, before) => {
      client.setQueryData(queryKey, before)
      tellFailed("The order was not changed", error)
    },
    onSettled: changed,
  })
}
