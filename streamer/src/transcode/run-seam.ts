import { readPcrBase, ticksPerSecond } from "../mpegts/clock.ts"
import { JoinPointFinder } from "../mpegts/join-points.ts"
import { hasPcr, packetBytes, pidOf, startsUnit } from "../mpegts/packet.ts"
import { readDts } from "../mpegts/pes-times.ts"
import { bridgeClock } from "./bridge-clock.ts"
import { RunProgramme } from "./run-programme.ts"
import type { RunTimes } from "./run-times.ts"

/** What a run of ffmpeg that follows another has given so far. */
export type Seam =
  /** Only what was there already. */
  | { kind: "waiting" }
  /** From these packets on it goes on where the other ended, on the same clock. */
  | { kind: "continued"; packets: Buffer }
  /** It gives something else than the other, or on another clock: from these packets on. */
  | { kind: "other"; packets: Buffer }

// Farther from where the other ended, the clock is another one. A run may have been stuck for 10 s, in an outage.
const sameClock90kHz = 60 * ticksPerSecond

/**
 * Finds the keyframe with which a run goes on where the one before it ended. A run begins with the live stream's newest
 * keyframe, so that it gives again what viewers have: that is left out, and to viewers all runs are one stream, whose
 * clock is still the live stream's.
 */
export class RunSeam {
  readonly #before: RunTimes
  readonly #maxBytes: number
  readonly #finder = new JoinPointFinder()
  #held: Buffer[] = []
  #bytes = 0

  /** `maxBytes` bounds what is held while the keyframe has not come. */
  constructor(before: RunTimes, maxBytes: number) {
    this.#before = before
    this.#maxBytes = maxBytes
  }

  /** Takes whole packets. */
  push(packets: Buffer): Seam {
    const from = this.#bytes
    this.#held.push(packets)
    this.#bytes += packets.length
    for (const { offset, tables } of this.#finder.push(packets)) {
      const held = Buffer.concat(this.#held)
      const at = from + offset
      const programme = new RunProgramme(tables)
      const kind = this.#judge(programme, readDts(held, at))
      if (kind === "other") return { kind, packets: Buffer.concat([tables, held.subarray(at)]) }
      if (kind === "continued") {
        const kept = this.#unsent(held, at, programme)
        return { kind, packets: Buffer.concat([tables, this.#bridge(held, at), ...kept]) }
      }
    }
    return this.#bytes <= this.#maxBytes
      ? { kind: "waiting" }
      : { kind: "other", packets: Buffer.concat(this.#held) }
  }

  #judge({ identity, leadPid }: RunProgramme, dts90kHz: number | null): Seam["kind"] {
    const ahead = dts90kHz === null ? null : this.#before.ahead(leadPid, dts90kHz)
    if (identity !== this.#before.programme?.identity || ahead === null) return "other"
    if (Math.abs(ahead) > sameClock90kHz) return "other"
    return ahead >= 0 ? "continued" : "waiting"
  }

  /** The pictures from the keyframe on, and of the other streams all that was not sent yet, also from before it. */
  #unsent(held: Buffer, keyframeAt: number, programme: RunProgramme): Buffer[] {
    const begun = new Set<number>()
    const kept: Buffer[] = []
    for (let at = 0; at < held.length; at += packetBytes) {
      const pid = pidOf(held, at)
      const isOwn = pid === programme.leadPid || programme.isTable(pid)
      if (isOwn && at < keyframeAt) continue
      if (!isOwn && !begun.has(pid)) {
        if (!startsUnit(held, at) || !this.#isNew(held, at)) continue
        begun.add(pid)
      }
      kept.push(held.subarray(at, at + packetBytes))
    }
    return kept
  }

  #isNew(held: Buffer, at: number): boolean {
    const dts = readDts(held, at)
    const ahead = dts === null ? null : this.#before.ahead(pidOf(held, at), dts)
    return ahead === null || ahead >= 0
  }

  /** From the last clock reference that was sent to that of the keyframe, in its packet or before it. */
  #bridge(held: Buffer, keyframeAt: number): Buffer {
    const { pcr } = this.#before
    for (let at = keyframeAt; at >= 0 && pcr !== null; at -= packetBytes)
      if (pidOf(held, at) === pcr.pid && hasPcr(held, at))
        return bridgeClock(pcr.pid, pcr.base90kHz, readPcrBase(held, at))
    return Buffer.alloc(0)
  }
}
