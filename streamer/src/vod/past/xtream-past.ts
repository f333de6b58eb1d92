import type { ProfileParts } from "../../upstream/feed-address.ts"
import type { Moment } from "./fill-moment.ts"
import { utc, wallClock } from "./local-time.ts"

/** A way of asking for the past: `path` and `query` are Xtream's, the others are named as in `catchup="…"`. */
export type PastForm =
  | "path"
  | "query"
  | "append"
  | "shift"
  | "default"
  | "archive"
  | "named-archive"
  | "timeshift"

/** One way of asking, with the profile's parts yet to be filled in. */
export interface PastTemplate {
  form: PastForm
  template: string
}

/** Which stream of a panel is asked for. */
export interface XtreamStream {
  streamId: string
  extension: string
}

/** The address of an Xtream stream, as lists have it: with or without `/live`, and without an extension. */
const listed =
  /^(\{server\}|https?:\/\/[^/?#]+)\/(?:live\/)?([^/?#]+)\/([^/?#]+)\/([^/?#.]+)(?:\.(ts|m3u8))?(?:\?[^#]*)?$/i

/** Panels answer one of two forms: the newer ones a path, others a script. Each wants its own local time. */
export function xtreamTemplates(
  { server, username, password }: ProfileParts,
  { streamId, extension }: XtreamStream,
  moment: Moment,
): PastTemplate[] {
  const minutes = Math.ceil((moment.seconds + (moment.start % 60)) / 60)
  const start = panelTime(moment)
  const path = `timeshift/${username}/${password}/${minutes}/${start}/${streamId}.${extension}`
  const query = `username=${username}&password=${password}&stream=${streamId}&start=${start}&duration=${minutes}`
  return [
    { form: "path", template: `${server}/${path}` },
    { form: "query", template: `${server}/streaming/timeshift.php?${query}` },
  ]
}

/** The same for a list's address that is that of an Xtream stream; null for any other. */
export function listedXtreamTemplates(address: string, moment: Moment): PastTemplate[] | null {
  const [, server, username, password, streamId, extension = "ts"] = listed.exec(address) ?? []
  if (server === undefined || username === undefined || password === undefined || streamId === undefined)
    return null
  return xtreamTemplates({ server, username, password }, { streamId, extension }, moment)
}

/** Whether a list's address is that of an Xtream account, and not only looks like one. */
export const isAccountStream = (address: string) =>
  /\/\{username\}\/\{password\}\/[^/]+$/.test(address) && listed.test(address)

/** `YYYY-MM-DD:HH-MM`, by the panel's clock: what begins within a minute begins with it. */
function panelTime({ start, zone }: Moment): string {
  const { year, month, day, hour, minute } = wallClock(start, zone ?? utc)
  return `${year}-${month}-${day}:${hour}-${minute}`
}
