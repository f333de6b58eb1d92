import { isSound } from "../descriptors.ts"
import { nullPid } from "../packet.ts"
import type { ListedStream } from "../programme.ts"
import type { UnitKind } from "./output-clock.ts"
import type { PidMap } from "./output-pids.ts"

const pids = nullPid + 1
// PIDs below carry tables of all kinds, and never a stream.
const firstStreamPid = 0x20

/** What has to be done with a PID's packets, as bits; 0 is nothing, and the fast way. */
export const mark = {
  /** No unit has begun since the feed did: what comes continues one whose beginning was not sent. */
  unbegun: 1,
  /** How its counter carries on is decided with its next payload. */
  fresh: 2,
  /** PAT, or PMT of the programme. */
  table: 4,
  dropped: 8,
  /** PID, counter or times differ in the output. */
  rewritten: 16,
} as const

/** For each PID of a feed, what becomes of its packets. Arrays: they are read for every packet. */
export class Routes {
  readonly marks = new Uint8Array(pids)
  readonly outPids = Uint16Array.from({ length: pids }, (_, pid) => pid)
  readonly counterShifts = new Uint8Array(pids)
  readonly kinds = new Map<number, UnitKind>()
  /** 1 where `kinds` has an entry. */
  readonly isTimed = new Uint8Array(pids)

  /** Everything passes once it begins, as it is: the first feed. */
  static passing(): Routes {
    const routes = new Routes()
    routes.marks.fill(mark.unbegun | mark.fresh)
    routes.marks[nullPid] = 0
    return routes
  }

  /** Nothing passes but tables of other kinds (SDT, EIT), until PIDs are mapped: a feed after a splice. */
  static mapped(): Routes {
    const routes = new Routes()
    routes.marks.fill(mark.dropped, firstStreamPid)
    routes.marks.fill(mark.unbegun | mark.fresh | mark.rewritten, 0, firstStreamPid)
    routes.marks[nullPid] = 0
    return routes
  }

  /** These streams' times are of interest. */
  follow(streams: readonly ListedStream[]): void {
    this.kinds.clear()
    this.isTimed.fill(0)
    for (const stream of streams) {
      this.kinds.set(stream.pid, stream.video !== null ? "video" : isSound(stream) ? "audio" : "other")
      this.isTimed[stream.pid] = 1
    }
  }

  setTable(pid: number): void {
    if (((this.marks[pid] ?? 0) & mark.table) === 0) this.marks[pid] = mark.table | mark.fresh
  }

  /** Sends these PIDs' packets where the map says, and no others; what goes there already goes on. */
  mapOnly(mapped: PidMap): void {
    for (let pid = firstStreamPid; pid < nullPid; pid++)
      if (!mapped.has(pid)) this.marks[pid] = mark.dropped
      else if (((this.marks[pid] ?? 0) & mark.rewritten) === 0 || this.outPids[pid] !== mapped.get(pid))
        this.marks[pid] = mark.unbegun | mark.fresh | mark.rewritten
    for (const [pid, outPid] of mapped) this.outPids[pid] = outPid
  }

  /** The counters start anew in what comes now. */
  restartCounters(): void {
    for (let pid = 0; pid < nullPid; pid++) this.marks[pid] = (this.marks[pid] ?? 0) | mark.fresh
  }
}
