import { ticksBetween, ticksPerMs, wrapTicks, writePcr } from "../mpegts/clock.ts"
import { packetBytes, syncByte } from "../mpegts/packet.ts"

// A clock reference comes at least every 100 ms (ISO 13818-1 2.7.2).
const step90kHz = 90 * ticksPerMs
const mostPackets = 1_000

/**
 * Packets that carry nothing but the clock from one time to another, so that it goes on through a gap in the media and
 * no player takes it for a new one. None where the gap is no longer than may be, or the clock does not go on.
 */
export function bridgeClock(pid: number, from90kHz: number, to90kHz: number): Buffer {
  const ticks = ticksBetween(from90kHz, to90kHz)
  const count = Math.min(Math.max(0, Math.ceil(ticks / step90kHz) - 1), mostPackets)
  const packets = Buffer.alloc(count * packetBytes, 0xff)
  for (let index = 0; index < count; index++) {
    const at = index * packetBytes
    // Without payload, so that the counter stands; adaptation field of this size, with a PCR (2.4.3.4).
    packets.set([syncByte, pid >> 8, pid & 0xff, 0x20, packetBytes - 5, 0x10], at)
    writePcr(packets, at, { base90kHz: wrapTicks(from90kHz + (index + 1) * step90kHz), extension: 0 })
  }
  return packets
}
