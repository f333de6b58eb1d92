import { announcement } from "./announcement.ts"
import { type Pcr, readPcr } from "./clock.ts"
import { counterOf, hasAdaptation, hasPayload, hasPcr, nullPid, packetBytes, pidOf } from "./packet.ts"

/** Where every PID of a stream stands, so that a viewer can be told of a jump within it. */
export class StreamPosition {
  /** continuity_counter of each PID's last packet; negative where there was none. */
  readonly #counters = new Int8Array(nullPid + 1).fill(-1)
  /** The last clock reference of each PID that has any. */
  readonly #pcrs = new Map<number, Pcr>()

  push(packets: Buffer): void {
    for (let at = 0; at < packets.length; at += packetBytes) {
      const pid = pidOf(packets, at)
      this.#counters[pid] = counterOf(packets, at)
      if (hasAdaptation(packets, at) && hasPcr(packets, at)) this.#pcrs.set(pid, readPcr(packets, at))
    }
  }

  /** Announces, on every PID, that what comes next are these packets, which end where the stream stands now. */
  jumpTo(next: readonly Buffer[]): Buffer {
    const first = new Map<number, number>()
    const clocks = new Map<number, Pcr>()
    for (const packets of next)
      for (let at = 0; at < packets.length; at += packetBytes) {
        const pid = pidOf(packets, at)
        // A packet with payload counts on from the announcement, one without does not (ISO 13818-1 2.4.3.3).
        if (!first.has(pid)) first.set(pid, counterOf(packets, at) - (hasPayload(packets, at) ? 1 : 0))
        if (!clocks.has(pid) && hasPcr(packets, at)) clocks.set(pid, readPcr(packets, at))
      }
    const announcements: Buffer[] = []
    for (const [pid, counter] of this.#counters.entries())
      if (counter >= 0 && pid !== nullPid)
        announcements.push(
          announcement(pid, first.get(pid) ?? counter, clocks.get(pid) ?? this.#pcrs.get(pid) ?? null),
        )
    return Buffer.concat(announcements)
  }
}
