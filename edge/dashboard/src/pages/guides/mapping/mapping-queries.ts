import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import type { ChannelPage } from "@tributary/shared/admin-api/channels"
import type { GuideChannels } from "@tributary/shared/admin-api/epg"
import { call } from "../../../api/call.ts"

/** Which live channels are shown: those with programmes, or those without. */
export interface MappingFilter {
  hasProgrammes: boolean
  search: string
}

export const pageSize = 25

/** Live channels, a page of them (from 1). An edit changes these rows too, as all under `channels`, `rows`. */
export const mappingPageQuery = ({ hasProgrammes, search }: MappingFilter, page: number) =>
  queryOptions({
    queryKey: ["channels", "rows", "mapping", hasProgrammes, search, page],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        ...{ kind: "live", hidden: "false", guide: String(hasProgrammes) },
        ...{ offset: String((page - 1) * pageSize), limit: String(pageSize) },
        ...(search === "" ? {} : { search }),
      })
      return call<ChannelPage>("GET", `/channels?${query}`, undefined, signal)
    },
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })

const longestSearch = 200

/** What the guides have that an id or a name has this text: the best fifty. */
export const guideChannelsQuery = (search: string) =>
  queryOptions({
    queryKey: ["guide-channels", search],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ search: search.slice(0, longestSearch) })
      return call<GuideChannels>("GET", `/epg/channels?${query}`, undefined, signal)
    },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
