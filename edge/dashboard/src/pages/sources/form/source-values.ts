import type { SourceRow } from "@tributary/shared/admin-api/sources"

/** What is typed in the form of a source. Empty texts: not given, or unchanged where the API does not show it. */
export type SourceValues = {
  type: "xtream" | "m3u"
  name: string
  url: string
  username: string
  password: string
  maxStreams: number | string
  live: boolean
  vod: boolean
  series: boolean
  include: string
  exclude: string
  epgUrl: string
  userAgent: string
  headers: HeaderValues[]
  /** Takes away what is stored and cannot be emptied, as it is not shown. */
  withoutLogin: boolean
  withoutEpgUrl: boolean
}

/** Where a source is, and who is known there. */
export type LoginValues = Pick<SourceValues, "url" | "username" | "password">

export type HeaderValues = {
  name: string
  value: string
  /** It is stored: without a value, it stays as it is. */
  isStored: boolean
}

export const emptySource: SourceValues = {
  ...{ type: "xtream", name: "", url: "", username: "", password: "", maxStreams: "" },
  ...{ live: true, vod: true, series: true },
  ...{ include: "", exclude: "", epgUrl: "", userAgent: "", headers: [] },
  ...{ withoutLogin: false, withoutEpgUrl: false },
}

/** What the form of a stored source begins with. */
export function valuesOf(row: SourceRow): SourceValues {
  const { type, live, vod, series } = row
  return {
    ...emptySource,
    ...{ type, live, vod, series },
    name: row.name ?? "",
    maxStreams: row.maxStreams ?? "",
    include: row.include ?? "",
    exclude: row.exclude ?? "",
    userAgent: row.userAgent ?? "",
    headers: Object.keys(row.headers ?? {}).map((name) => ({ name, value: "", isStored: true })),
  }
}
