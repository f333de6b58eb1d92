import { ticksBetween, ticksPerSecond } from "../mpegts/clock.ts"
import { packetBytes, pidOf, startsUnit } from "../mpegts/packet.ts"
import { PacketAligner } from "../mpegts/packet-aligner.ts"
import { readDts } from "../mpegts/pes-times.ts"
import { FormatProbe, type StreamFormat } from "../mpegts/stream-format.ts"

interface Track {
  last90kHz: number
  /** Since its first unit. */
  ticks: number
  units: number
}

/** Finds out of MPEG-TS, whatever chunks it comes in, how much it is, how long it lasts and what it consists of. */
export class OutputMeter {
  readonly #aligner = new PacketAligner()
  readonly #probe = new FormatProbe()
  readonly #tracks = new Map<number, Track>()
  bytes = 0

  push(chunk: Buffer): void {
    this.bytes += chunk.length
    const packets = this.#aligner.push(chunk)
    this.#probe.push(packets)
    for (let at = 0; at < packets.length; at += packetBytes) {
      const dts = startsUnit(packets, at) ? readDts(packets, at) : null
      if (dts !== null) this.#time(pidOf(packets, at), dts)
    }
  }

  get format(): StreamFormat {
    return this.#probe.format
  }

  /** Of the longest of its tracks, its last unit being as long as the others. */
  get seconds(): number {
    const lengths = [...this.#tracks.values()].map(({ ticks, units }) =>
      units < 2 ? 0 : (ticks * units) / (units - 1) / ticksPerSecond,
    )
    return Math.max(0, ...lengths)
  }

  #time(pid: number, dts90kHz: number): void {
    const track = this.#tracks.get(pid)
    if (track === undefined) this.#tracks.set(pid, { last90kHz: dts90kHz, ticks: 0, units: 1 })
    else {
      track.ticks += ticksBetween(track.last90kHz, dts90kHz)
      track.last90kHz = dts90kHz
      track.units++
    }
  }
}
