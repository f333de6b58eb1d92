import { type EntryKind, entryKinds } from "@tributary/shared/catalogue/entry"

/** Which channels are asked for; what is null is not asked about. */
export interface ChannelFilters {
  search: string
  group: string | null
  kind: EntryKind | null
  hidden: boolean | null
  /** Whether the guide has programmes for it. */
  guide: boolean | null
}

export const noFilters: ChannelFilters = { search: "", group: null, kind: null, hidden: null, guide: null }

const flags: Record<string, boolean> = { true: true, false: false }
const names = Object.keys(noFilters) as (keyof ChannelFilters)[]

/** The filters of the page's address; what it cannot be is not asked for. */
export function filtersOf(parameters: URLSearchParams): ChannelFilters {
  const kind = parameters.get("kind")
  return {
    search: parameters.get("search") ?? "",
    group: parameters.get("group"),
    kind: entryKinds.find((one) => one === kind) ?? null,
    hidden: flags[parameters.get("hidden") ?? ""] ?? null,
    guide: flags[parameters.get("guide") ?? ""] ?? null,
  }
}

/** The page's address with these filters; its other parameters stay. */
export function withFilters(parameters: URLSearchParams, filters: ChannelFilters): URLSearchParams {
  const changed = new URLSearchParams(parameters)
  for (const name of names) {
    const value = filters[name]
    if (value === null || value === "") changed.delete(name)
    else changed.set(name, String(value))
  }
  return changed
}

export const isFiltered = (filters: ChannelFilters): boolean =>
  withFilters(new URLSearchParams(), filters).size > 0

/** The path of `GET /api/channels` for a part of what the filters ask for. */
export function listPath(filters: ChannelFilters, offset: number, limit: number): string {
  const query = withFilters(new URLSearchParams(), filters)
  query.set("offset", String(offset))
  query.set("limit", String(limit))
  return `/channels?${query}`
}
