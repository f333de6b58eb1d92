import { targetDurationSeconds } from "./hls-playlist.ts"
import type { IndexedLoop } from "./index-loop.ts"
import type { RunningChannel } from "./provider-state.ts"
import { entry, lastEntry, packetsBetween, positionAt } from "./replay.ts"
import { packetBytes } from "./ts-packet.ts"

/** A part of a channel's past; Unix seconds. */
export type Piece = { startUtc: number; endUtc: number }

const secondsPerDay = 24 * 60 * 60

/** What of a request is kept; null when it is none, or has not been yet. `seconds` is null up to now. */
export function keptPiece(
  { catchup }: RunningChannel,
  startUtc: number,
  seconds: number | null,
  nowSeconds: number,
): Piece | null {
  if (catchup === undefined || startUtc >= nowSeconds) return null
  if (startUtc < nowSeconds - catchup.days * secondsPerDay) return null
  return { startUtc, endUtc: Math.min(nowSeconds, startUtc + (seconds ?? Number.POSITIVE_INFINITY)) }
}

/**
 * The bytes of a piece, from the tables and the key frame before its start on: what the channel sent then, so that its
 * times tell which piece it is. They are made as they are sent, for an hour is half a gigabyte.
 */
export function archived(loop: IndexedLoop, { startUtc, endUtc }: Piece) {
  const from = entry(loop, lastEntry(loop, positionAt(loop, startUtc))).position
  const to = Math.max(from, positionAt(loop, endUtc))
  return {
    length: (to - from) * packetBytes,
    subarray(start: number, end: number): Buffer {
      const first = from + Math.floor(start / packetBytes)
      const last = Math.min(to, from + Math.ceil(end / packetBytes))
      const skipped = start - (first - from) * packetBytes
      return packetsBetween(loop, first, last).subarray(skipped, skipped + end - start)
    },
  }
}

/** A playlist of a piece, whose segments are entries of the endless channel; `isEnded`: it says that it is complete. */
export function archivePlaylist(
  loop: IndexedLoop,
  { startUtc, endUtc }: Piece,
  segmentUrl: (sequence: number) => string,
  { isEnded }: { isEnded: boolean },
): string {
  const first = lastEntry(loop, positionAt(loop, startUtc))
  const last = Math.max(first, lastEntry(loop, positionAt(loop, endUtc) - 1))
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:3",
    `#EXT-X-TARGETDURATION:${targetDurationSeconds(loop)}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
  ]
  for (let sequence = first; sequence <= last; sequence++)
    lines.push(`#EXTINF:${entry(loop, sequence).seconds.toFixed(3)},`, segmentUrl(sequence))
  if (isEnded) lines.push("#EXT-X-ENDLIST")
  return `${lines.join("\n")}\n`
}

/** The segment of an archive's playlist; null when it is not complete yet. */
export function archivedSegment(loop: IndexedLoop, sequence: number, nowSeconds: number): Buffer | null {
  const { position } = entry(loop, sequence + 1)
  if (position > positionAt(loop, nowSeconds)) return null
  return packetsBetween(loop, entry(loop, sequence).position, position)
}
