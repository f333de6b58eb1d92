import type { PlaylistTags } from "./hls-look.ts"
import type { IndexedLoop } from "./index-loop.ts"
import { entry, lastEntry, packetsBetween } from "./replay.ts"

/** How many segments are still served after they left the window (RFC 8216 6.2.2 wants one playlist's length). */
const keptSegments = 10

export function targetDurationSeconds(loop: IndexedLoop): number {
  return Math.ceil(Math.max(...loop.entries.map(({ seconds }) => seconds)))
}

/** The first segment that is not complete when packets before `position` have been sent. */
export const openSegment = (loop: IndexedLoop, position: number): number => lastEntry(loop, position)

const noTags: PlaylistTags = { head: () => [], before: () => [] }

/** A sliding window (RFC 8216 6.2.2). Segment `n` is entry `n` of the endless channel. */
export function mediaPlaylist(
  loop: IndexedLoop,
  position: number,
  window: number,
  segmentUrl: (sequence: number) => string,
  tags: PlaylistTags = noTags,
): string {
  const end = openSegment(loop, position)
  const first = Math.max(0, end - window)
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:3",
    `#EXT-X-TARGETDURATION:${targetDurationSeconds(loop)}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    ...tags.head(first),
  ]
  for (let sequence = first; sequence < end; sequence++)
    lines.push(
      ...tags.before(sequence, sequence === first),
      `#EXTINF:${entry(loop, sequence).seconds.toFixed(3)},`,
      segmentUrl(sequence),
    )
  return `${lines.join("\n")}\n`
}

/**
 * The bytes of a segment, or null when it is not yet complete or long gone; its times may be moved by whole loops.
 */
export function segment(
  loop: IndexedLoop,
  position: number,
  window: number,
  sequence: number,
  movedIterations = 0,
): Buffer | null {
  const end = openSegment(loop, position)
  if (sequence >= end || sequence < Math.max(0, end - window - keptSegments)) return null
  const moved = sequence + movedIterations * loop.entries.length
  return packetsBetween(loop, entry(loop, moved).position, entry(loop, moved + 1).position)
}

export type Variant = { url: string; bitsPerSecond: number; width: number; height: number; picture: boolean }

export function masterPlaylist(variants: Variant[]): string {
  const lines = ["#EXTM3U", "#EXT-X-VERSION:3"]
  for (const { url, bitsPerSecond, width, height, picture } of variants) {
    const look = picture
      ? `,RESOLUTION=${width}x${height},FRAME-RATE=25.000,CODECS="avc1.42c01e,mp4a.40.2"`
      : `,CODECS="mp4a.40.2"`
    lines.push(`#EXT-X-STREAM-INF:BANDWIDTH=${bitsPerSecond}${look}`, url)
  }
  return `${lines.join("\n")}\n`
}
