import { queryOptions } from "@tanstack/react-query"
import type { ChannelPage } from "@tributary/shared/admin-api/channels"
import type { ViewerAddress, ViewerRow } from "@tributary/shared/admin-api/viewers"
import { call, path } from "../../api/call.ts"
import { listPath, noFilters } from "../channels/filters/channel-filters.ts"

export const viewersQuery = queryOptions({
  queryKey: ["viewers"],
  queryFn: ({ signal }) => call<ViewerRow[]>("GET", "/viewers", undefined, signal),
})

/** What a viewer enters in players, the password included: each asking stands in the audit list. */
export const addressQuery = (username: string) =>
  queryOptions({
    queryKey: ["viewers", username, "address"],
    queryFn: ({ signal }) =>
      call<ViewerAddress>("POST", `${path("viewers", username)}/address`, undefined, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The first channel that viewers see, and how many there are; asked for until one is published. */
export const firstChannelQuery = queryOptions({
  queryKey: ["channels", "first"],
  queryFn: ({ signal }) =>
    call<ChannelPage>(
      "GET",
      listPath({ ...noFilters, kind: "live", hidden: false }, 0, 1),
      undefined,
      signal,
    ),
  refetchInterval: (query) => ((query.state.data?.total ?? 0) > 0 ? false : 2_000),
})
