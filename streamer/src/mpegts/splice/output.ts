import { announcement } from "../announcement.ts"
import type { Pcr } from "../clock.ts"
import { nullPid, packetBytes, pidOf } from "../packet.ts"
import { OutputClock } from "./output-clock.ts"
import { OutputPids } from "./output-pids.ts"
import { OutputTables } from "./output-tables.ts"

/** What players know of the stream so far, and every later feed has to go on with. */
export class Output {
  /** continuity_counter of each PID's last packet; negative where there was none. */
  readonly counters = new Int8Array(nullPid + 1).fill(-1)
  readonly clock = new OutputClock()
  readonly tables = new OutputTables()
  readonly pids = new OutputPids((pid) => this.lastCounter(pid) >= 0)

  lastCounter(pid: number): number {
    return this.counters[pid] ?? -1
  }

  /** Gives packets with payload, made here, their counters. */
  count(packets: Buffer): Buffer {
    for (let at = 0; at < packets.length; at += packetBytes) {
      const pid = pidOf(packets, at)
      const counter = (this.lastCounter(pid) + 1) & 0x0f
      this.counters[pid] = counter
      packets[at + 3] = 0x10 | counter
    }
    return packets
  }

  announce(pid: number, pcr: Pcr | null): Buffer {
    const counter = Math.max(0, this.lastCounter(pid))
    this.counters[pid] = counter
    return announcement(pid, counter, pcr)
  }
}
