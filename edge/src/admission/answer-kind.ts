import type { Feed, IndexedChannel } from "@tributary/shared/catalogue/entry"
import { pastFeeds } from "@tributary/shared/catalogue/past-feeds"
import type { TranscodeProfile } from "@tributary/shared/transcode/transcode-profile"
import type { PastAsked } from "./past-asked.ts"

/** What was asked for, as far as it decides how it is played. */
export interface AskedFor {
  channel: IndexedChannel
  /** Of the address; null when it had none. */
  extension: string | null
  /** Null: as it comes. */
  transcode: TranscodeProfile | null
  past: PastAsked | null
  /** Unix seconds. */
  now: number
}

/** The path on the streamer behind the ticket and the feeds that can be played there, or why there are none. */
export type AnswerKind =
  | { ok: true; folder: "live" | "vod"; extension: string; feeds: Feed[] }
  | { ok: false; code: "unsupported_output" | "no_catchup" | "outside_catchup"; message: string }

const refused = (message: string): AnswerKind => ({ ok: false, code: "unsupported_output", message })

/** Which streamer's path plays it: live as MPEG-TS or HLS, a file with ranges, or the past as MPEG-TS. */
export function answerKind(asked: AskedFor): AnswerKind {
  const { channel, extension, transcode, past } = asked
  const { feeds } = channel
  if (channel.kind === "series") return refused("A series is a list of episodes: play one of these.")
  if (channel.kind !== undefined) {
    if (past !== null) return refused("Movies and episodes have no catch-up.")
    if (transcode !== null) return refused("Movies and episodes are played as they are, without ?profile=.")
    return { ok: true, folder: "vod", extension: extension ?? extensionOf(channel), feeds }
  }
  if (past !== null) return pastKind(asked, past)
  const isAdaptive = transcode !== null && "variants" in transcode
  const wanted = extension ?? (transcode?.output === "hls" || isAdaptive ? "m3u8" : "ts")
  if (wanted === "ts" && isAdaptive)
    return refused(`"${transcode.id}" is several qualities to choose from: ask for .m3u8 instead.`)
  if (wanted !== "ts" && wanted !== "m3u8")
    return refused("This channel is served as MPEG-TS (.ts) and HLS (.m3u8).")
  return { ok: true, folder: "live", extension: wanted, feeds }
}

/** Whatever extension is asked for: players that ask for HLS here play MPEG-TS too, by its content type. */
function pastKind({ channel, transcode, now }: AskedFor, { start }: PastAsked): AnswerKind {
  if (transcode !== null) return refused("A channel's past is played as it is, without ?profile=.")
  const { feeds, days } = pastFeeds(channel.feeds, { start, now })
  if (feeds.length > 0) return { ok: true, folder: "vod", extension: "ts", feeds }
  if (days === 0) return { ok: false, code: "no_catchup", message: "This channel has no catch-up." }
  const begin = `${new Date(start * 1000).toISOString().slice(0, 16)}Z`
  const message =
    start < now
      ? `The last ${days} days of this channel are kept: ${begin} is before them.`
      : `${begin} is not over yet: only the past can be caught up with.`
  return { ok: false, code: "outside_catchup", message }
}

/** Of the file that is played first. */
function extensionOf({ feeds }: IndexedChannel): string {
  const locator = feeds[0]?.locator
  if (locator?.kind === "xtream") return locator.extension || "mp4"
  return /\.([a-z0-9]{2,4})(?:[?#].*)?$/i.exec(locator?.template ?? "")?.[1]?.toLowerCase() ?? "mp4"
}
