import { readPcrBase, ticksBetween, ticksPerSecond } from "../mpegts/clock.ts"
import { byte, hasAdaptation, hasPcr, packetBytes, pidOf } from "../mpegts/packet.ts"

const discontinuityIndicator = 0x80
// Beyond these it was set anew. Less far back it is the newest keyframe, to which a slow ffmpeg is moved, or something
// that ffmpeg catches up with; less far on it is an outage, which ffmpeg fills with silence.
const farthestBack90kHz = 10 * ticksPerSecond
const farthestOn90kHz = 60 * ticksPerSecond

/** Follows the clock of what an ffmpeg is given, which it is told to keep: it would wait for one that was set back. */
export class ClockWatch {
  readonly #last = new Map<number, number>()
  /** The packets that came last announce a discontinuity. */
  hasAnnounced = false

  /** Takes whole packets; true when the clock goes on with another time than it had come to. */
  push(packets: Buffer): boolean {
    this.hasAnnounced = false
    let isOther = false
    for (let at = 0; at + packetBytes <= packets.length; at += packetBytes) {
      if (!hasAdaptation(packets, at) || packets[at + 4] === 0) continue
      if ((byte(packets, at + 5) & discontinuityIndicator) !== 0) this.hasAnnounced = true
      if (hasPcr(packets, at) && this.#jumps(pidOf(packets, at), readPcrBase(packets, at))) isOther = true
    }
    return isOther
  }

  #jumps(pid: number, pcr90kHz: number): boolean {
    const before = this.#last.get(pid)
    this.#last.set(pid, pcr90kHz)
    const step = before === undefined ? 0 : ticksBetween(before, pcr90kHz)
    return step < -farthestBack90kHz || step > farthestOn90kHz
  }
}
