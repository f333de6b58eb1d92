import { queryOptions } from "@tanstack/react-query"
import type { Overview } from "@tributary/shared/admin-api/overview"
import type { StreamerRow } from "@tributary/shared/admin-api/streamers"
import { call } from "../../api/call.ts"

/** How the whole installation is. */
export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => call<Overview>("GET", "/overview", undefined, signal),
  refetchInterval: 3_000,
})

/** The streamers that were heard of lately. */
export const streamersQuery = queryOptions({
  queryKey: ["streamers"],
  queryFn: ({ signal }) => call<StreamerRow[]>("GET", "/streamers", undefined, signal),
  refetchInterval: 5_000,
})
