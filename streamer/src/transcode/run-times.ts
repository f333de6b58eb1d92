import { readPcrBase, ticksBetween, wrapTicks } from "../mpegts/clock.ts"
import { JoinPointFinder } from "../mpegts/join-points.ts"
import { hasPcr, packetBytes, pidOf, startsUnit } from "../mpegts/packet.ts"
import { readDts } from "../mpegts/pes-times.ts"
import { RunProgramme } from "./run-programme.ts"

/** The newest unit of a PID. */
interface LastUnit {
  dts90kHz: number
  /** How long it lasts, as far as the one before it tells; 0 when there was none. */
  step90kHz: number
}

/** How far a transcode's output has come, on the clock of its ffmpeg. */
export class RunTimes {
  readonly #last = new Map<number, LastUnit>()
  #finder: JoinPointFinder | null = new JoinPointFinder()
  /** Null until there was a keyframe. */
  programme: RunProgramme | null = null
  pcr: { pid: number; base90kHz: number } | null = null

  /** Takes whole packets, as they come from ffmpeg. */
  push(packets: Buffer): void {
    for (let at = 0; at < packets.length; at += packetBytes) {
      if (hasPcr(packets, at)) this.pcr = { pid: pidOf(packets, at), base90kHz: readPcrBase(packets, at) }
      if (startsUnit(packets, at)) this.#note(pidOf(packets, at), readDts(packets, at))
    }
    const point = this.#finder?.push(packets)[0]
    if (point === undefined) return
    this.programme = new RunProgramme(point.tables)
    this.#finder = null
  }

  #note(pid: number, dts90kHz: number | null): void {
    if (dts90kHz === null) return
    const before = this.#last.get(pid)
    const step = before === undefined ? 0 : ticksBetween(before.dts90kHz, dts90kHz)
    this.#last.set(pid, { dts90kHz, step90kHz: step > 0 ? step : (before?.step90kHz ?? 0) })
  }

  /** When the next picture may begin, in 90 kHz; null before there was one. */
  get next90kHz(): number | null {
    const last = this.#last.get(this.programme?.leadPid ?? -1)
    return last === undefined ? null : wrapTicks(last.dts90kHz + last.step90kHz)
  }

  /**
   * How long after the end of what has come a unit of a PID would begin, in 90 kHz, negative where it was there already;
   * null where nothing has come. Half a unit earlier still counts as 0: times are rounded.
   */
  ahead(pid: number, dts90kHz: number): number | null {
    const last = this.#last.get(pid)
    if (last === undefined) return null
    const ahead = ticksBetween(wrapTicks(last.dts90kHz + last.step90kHz), dts90kHz)
    return ahead < 0 && ahead >= -last.step90kHz / 2 ? 0 : ahead
  }
}
