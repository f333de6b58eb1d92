import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { TranscodeProfile } from "@tributary/shared/transcode/transcode-profile"

/** What was asked for, as far as it decides how it is played. */
export interface AskedFor {
  channel: IndexedChannel
  /** Of the address; null when it had none. */
  extension: string | null
  /** Null: as it comes. */
  transcode: TranscodeProfile | null
  isPast: boolean
}

/** The path on the streamer behind the ticket, or why there is none. */
export type AnswerKind =
  | { ok: true; folder: "live" | "vod"; extension: string }
  | { ok: false; code: "unsupported_output"; message: string }

const refused = (message: string): AnswerKind => ({ ok: false, code: "unsupported_output", message })

/** Which streamer's path plays it: live as MPEG-TS or HLS, a file with ranges, or the past as MPEG-TS. */
export function answerKind({ channel, extension, transcode, isPast }: AskedFor): AnswerKind {
  if (channel.kind === "series") return refused("A series is a list of episodes: play one of these.")
  if (channel.kind !== undefined) {
    if (isPast) return refused("Movies and episodes have no catch-up.")
    if (transcode !== null) return refused("Movies and episodes are played as they are, without ?profile=.")
    return { ok: true, folder: "vod", extension: extension ?? extensionOf(channel) }
  }
  if (isPast) return refused("A channel's past is not played yet.")
  const isAdaptive = transcode !== null && "variants" in transcode
  const wanted = extension ?? (transcode?.output === "hls" || isAdaptive ? "m3u8" : "ts")
  if (wanted === "ts" && isAdaptive)
    return refused(`"${transcode.id}" is several qualities to choose from: ask for .m3u8 instead.`)
  if (wanted !== "ts" && wanted !== "m3u8")
    return refused("This channel is served as MPEG-TS (.ts) and HLS (.m3u8).")
  return { ok: true, folder: "live", extension: wanted }
}

/** Of the file that is played first. */
function extensionOf({ feeds }: IndexedChannel): string {
  const locator = feeds[0]?.locator
  if (locator?.kind === "xtream") return locator.extension || "mp4"
  return /\.([a-z0-9]{2,4})(?:[?#].*)?$/i.exec(locator?.template ?? "")?.[1]?.toLowerCase() ?? "mp4"
}
