import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { GuideRow } from "@tributary/shared/admin-api/epg"
import { call, path } from "../../api/call.ts"
import { inOrder } from "../../parts/order/in-order.ts"
import { tellDone, tellFailed } from "../../parts/tell.ts"
import { importsQuery } from "../imports/imports-queries.ts"

/** The guides that are configured on their own, in their order. */
export const guidesQuery = queryOptions({
  queryKey: ["guides"],
  queryFn: ({ signal }) => call<GuideRow[]>("GET", "/epg", undefined, signal),
})

/** Has the guides and their imports asked for anew. */
export function useGuidesChanged() {
  const client = useQueryClient()
  return () =>
    Promise.all([guidesQuery, importsQuery].map(({ queryKey }) => client.invalidateQueries({ queryKey })))
}

export function useDeleteGuide() {
  const changed = useGuidesChanged()
  return useMutation({
    mutationFn: (id: string) => call("DELETE", path("epg", id)),
    onSuccess: () => {
      tellDone("The guide is deleted.")
      return changed()
    },
    onError: (error) => tellFailed("The guide was not deleted", error),
  })
}

/** Puts all guides in order; they are shown so at once, and as before when that fails. */
export function useOrderGuides() {
  const client = useQueryClient()
  const changed = useGuidesChanged()
  const { queryKey } = guidesQuery
  return useMutation({
    mutationFn: (ids: readonly string[]) => call("PUT", "/epg/order", { ids }),
    onMutate: async (ids) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      if (before !== undefined) client.setQueryData(queryKey, inOrder(before, ids))
      return before
    },
    onError: (error, _ids, before) => {
      client.setQueryData(queryKey, before)
      tellFailed("The order was not changed", error)
    },
    onSettled: changed,
  })
}
