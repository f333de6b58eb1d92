import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import type {
  ChannelDetails,
  ChannelGroups,
  ChannelGuide,
  ChannelPage,
} from "@tributary/shared/admin-api/channels"
import { call, path } from "../../api/call.ts"
import { type ChannelFilters, listPath } from "./filters/channel-filters.ts"
import { pageSize } from "./table/row-pages.ts"

/** A page of rows, and what it was asked for with: the table goes on to show those until the new ones are there. */
export interface RowPage extends ChannelPage {
  filters: ChannelFilters
}

const rowMemoryMs = 60_000

export const rowPageQuery = (filters: ChannelFilters, page: number) =>
  queryOptions({
    queryKey: ["channels", "rows", filters, page],
    queryFn: async ({ signal }): Promise<RowPage> => ({
      ...(await call<ChannelPage>("GET", listPath(filters, page * pageSize, pageSize), undefined, signal)),
      filters,
    }),
    // Rows change when something is published, which asks for them anew.
    staleTime: 30_000,
    gcTime: rowMemoryMs,
  })

/** The first page says how many rows there are. */
export const firstPageQuery = (filters: ChannelFilters) =>
  queryOptions({ ...rowPageQuery(filters, 0), placeholderData: keepPreviousData })

export const groupsQuery = queryOptions({
  queryKey: ["channels", "groups"],
  queryFn: ({ signal }) => call<ChannelGroups>("GET", "/channels/groups", undefined, signal),
  staleTime: 30_000,
})

export const channelQuery = (id: string) =>
  queryOptions({
    queryKey: ["channels", "one", id],
    queryFn: ({ signal }) => call<ChannelDetails>("GET", path("channels", id), undefined, signal),
    // How its feeds do changes by itself.
    refetchInterval: 15_000,
  })

export const guideQuery = (id: string) =>
  queryOptions({
    queryKey: ["channels", "guide", id],
    queryFn: ({ signal }) => call<ChannelGuide>("GET", `${path("channels", id)}/guide`, undefined, signal),
    refetchInterval: 60_000,
  })

const mostFound = 8

/** A few channels of one kind whose name has this, for a choice. */
export const searchQuery = (search: string, kind: ChannelFilters["kind"]) =>
  queryOptions({
    queryKey: ["channels", "search", kind, search],
    queryFn: ({ signal }) =>
      call<ChannelPage>(
        "GET",
        listPath({ search, kind, group: null, hidden: null, guide: null }, 0, mostFound),
        undefined,
        signal,
      ),
    enabled: search.trim() !== "",
    placeholderData: keepPreviousData,
  })

/**
 * What a merged channel is called. Once the merge is published only its own edit may tell, so what was heard before
 * stays known.
 */
export const channelNameQuery = (id: string) =>
  queryOptions({
    queryKey: ["channel-names", id],
    queryFn: async ({ signal }) => {
      const channel = await call<ChannelDetails>("GET", path("channels", id), undefined, signal)
      return ("absent" in channel ? channel.edit?.name : channel.name) ?? `Channel ${id}`
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
