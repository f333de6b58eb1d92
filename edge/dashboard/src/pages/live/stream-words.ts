import type { Stream, StreamViewer } from "@tributary/shared/admin-api/streams"

export const kindWords: Record<Stream["kind"], string> = {
  ...{ live: "Live", transcode: "Transcode", movie: "Movie", episode: "Episode", catchup: "Catch-up" },
}

export const stateWords: Record<Stream["state"], string> = {
  ...{ live: "Runs", idle: "Nobody watches", failing: "Nothing comes", closing: "Ends" },
}

/** `Acme, primary, feed 2 of 3`. */
export function feedWords({ source, sourceName, profile, feedPosition, feeds }: Stream): string {
  const place = feedPosition === null || feeds === null ? [] : [`feed ${feedPosition} of ${feeds}`]
  return [sourceName ?? source, profile, ...place].join(", ")
}

/** `H264 1920×1080, 25 fps`; null: not known, or there is no picture. */
export function pictureWords({ videoCodec, width, height, framesPerSecond }: Stream): string | null {
  if (videoCodec === null) return null
  const size = width === null || height === null ? "" : ` ${width}×${height}`
  const rate = framesPerSecond === null ? "" : `, ${Number(framesPerSecond.toFixed(2))} fps`
  return `${videoCodec.toUpperCase()}${size}${rate}`
}

const layouts: Record<number, string> = { 1: "mono", 2: "stereo", 6: "5.1", 8: "7.1" }

/** `AAC stereo (eng), AC3 5.1`; null: not known, or there is no sound. */
export function soundWords({ audio }: Stream): string | null {
  if (audio.length === 0) return null
  return audio
    .map(({ codec, channels, language }) => {
      const layout = channels === null ? "" : ` ${layouts[channels] ?? `${channels} channels`}`
      return `${codec.toUpperCase()}${layout}${language === null ? "" : ` (${language})`}`
    })
    .join(", ")
}

export function viewerWords({ username, isRelay }: Pick<StreamViewer, "username" | "isRelay">): string {
  if (isRelay) return "A streamer that relays it"
  return username ?? "Public playlist"
}

export const viewersInWords = (viewers: number): string => (viewers === 1 ? "1 viewer" : `${viewers} viewers`)
