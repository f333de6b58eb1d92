import type { IndexedLoop } from "./index-loop.ts"
import {
  counterAt,
  packetBytes,
  readPcrBase,
  readTimestamp,
  setCounter,
  timestampModulus,
  writePcrBase,
  writeTimestamp,
} from "./ts-packet.ts"

/**
 * The endless channel as a pure function: packet `n` is packet `n mod packets` of iteration `floor(n / packets)`.
 * Positions are whole packets since time 0; times are seconds since then.
 */

/** The first packet that is not yet due at this time. */
export function positionAt(loop: IndexedLoop, seconds: number): number {
  const iteration = Math.floor(seconds / loop.seconds)
  const offset = seconds - iteration * loop.seconds
  let low = 0
  let high = loop.packets
  while (low < high) {
    const middle = (low + high) >> 1
    if ((loop.offsets[middle] ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return iteration * loop.packets + low
}

/** Copies packets `from` to `to` (exclusive), rewritten for their place on the endless line. */
export function packetsBetween(loop: IndexedLoop, from: number, to: number): Buffer {
  const out = Buffer.allocUnsafeSlow(Math.max(0, to - from) * packetBytes)
  let position = from
  while (position < to) {
    const iteration = Math.floor(position / loop.packets)
    const first = position - iteration * loop.packets
    const count = Math.min(to - position, loop.packets - first)
    const at = (position - from) * packetBytes
    loop.bytes.copy(out, at, first * packetBytes, (first + count) * packetBytes)
    rewrite(loop, out, at, first, count, iteration)
    position += count
  }
  return out
}

function rewrite(
  loop: IndexedLoop,
  out: Buffer,
  start: number,
  first: number,
  count: number,
  iteration: number,
): void {
  const shift = (iteration * loop.ticks90kHz) % timestampModulus
  for (let n = 0; n < count; n++) {
    const packet = first + n
    const at = start + n * packetBytes
    // 2.4.3.3: the counter rises by one with each payload of its PID, so an iteration adds its payload count.
    setCounter(out, at, counterAt(out, at) + (loop.counterSteps[packet] ?? 0) * (iteration % 16))
    const pcr = loop.pcrAt[packet] ?? 0
    if (pcr) writePcrBase(out, at + pcr, (readPcrBase(out, at + pcr) + shift) % timestampModulus)
    const pts = loop.ptsAt[packet] ?? 0
    if (pts) writeTimestamp(out, at + pts, (readTimestamp(out, at + pts) + shift) % timestampModulus)
    const dts = loop.dtsAt[packet] ?? 0
    if (dts) writeTimestamp(out, at + dts, (readTimestamp(out, at + dts) + shift) % timestampModulus)
  }
}

/** The `n`th place at which a viewer may start, and how long it is until the next. */
export function entry(loop: IndexedLoop, n: number): { position: number; seconds: number } {
  const iteration = Math.floor(n / loop.entries.length)
  const found = loop.entries[n - iteration * loop.entries.length]
  if (!found) throw new Error("the loop has no entries")
  return { position: iteration * loop.packets + found.packet, seconds: found.seconds }
}

/** The number of the last entry at or before a position. */
export function lastEntry(loop: IndexedLoop, position: number): number {
  const iteration = Math.floor(position / loop.packets)
  const packet = position - iteration * loop.packets
  let n = loop.entries.findLastIndex((found) => found.packet <= packet)
  if (n < 0) n = 0
  return iteration * loop.entries.length + n
}
