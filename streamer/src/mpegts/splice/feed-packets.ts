import { readPcrBase, wrapTicks, writePcrBase } from "../clock.ts"
import {
  counterOf,
  hasAdaptation,
  hasPayload,
  hasPcr,
  isScrambled,
  packetBytes,
  pidOf,
  startsUnit,
  stripPayload,
} from "../packet.ts"
import { readDts, readTimes, shiftTimes, unitBytes } from "../pes-times.ts"
import type { Output } from "./output.ts"
import { PacketRuns } from "./packet-runs.ts"
import { mark, type Routes } from "./routes.ts"

const discontinuityIndicator = 0x80

/** Deals with a packet of a table's PID, or leaves it to pass as it is. */
export type TakeTable = (packets: Buffer, at: number, runs: PacketRuns) => "taken" | "passes"

/** A feed's packets on their way into the output: drops, renames, counts and shifts them one by one. */
export class FeedPackets {
  readonly #output: Output
  readonly #routes: Routes
  readonly #takeTable: TakeTable
  shift90kHz = 0
  pcrPid = -1
  /** Its units pass, whatever their time. */
  leadPid = -1
  /** The next PCR begins a new time base of which nobody was told. */
  isClockUnannounced = false

  constructor(output: Output, routes: Routes, takeTable: TakeTable) {
    this.#output = output
    this.#routes = routes
    this.#takeTable = takeTable
  }

  /** Takes whole packets, and edits them; gives those that go out. */
  push(packets: Buffer, nowMs: number): Buffer {
    const { marks } = this.#routes
    const { counters } = this.#output
    const runs = new PacketRuns(packets)
    for (let at = 0; at < packets.length; at += packetBytes) {
      const pid = pidOf(packets, at)
      const todo = marks[pid]
      if (todo === 0) {
        counters[pid] = counterOf(packets, at)
        // Most packets have neither times nor a clock.
        if (startsUnit(packets, at) || hasAdaptation(packets, at)) this.#note(packets, at, pid, nowMs)
      } else if (todo === mark.rewritten) this.#rewrite(packets, at, pid, nowMs)
      else this.#takeMarked(packets, at, runs, nowMs)
    }
    return runs.whole()
  }

  #takeMarked(packets: Buffer, at: number, runs: PacketRuns, nowMs: number): void {
    const { marks, counterShifts } = this.#routes
    const pid = pidOf(packets, at)
    const todo = marks[pid] ?? 0
    if ((todo & mark.table) !== 0 && this.#takeTable(packets, at, runs) === "taken") return
    const isUnbegun = (todo & mark.unbegun) !== 0
    if ((todo & mark.dropped) !== 0 || (isUnbegun && !this.#canPass(packets, at, pid))) {
      runs.drop(at)
      return
    }
    if ((todo & mark.fresh) !== 0) {
      const shift = this.#carryOn(packets, at, pid)
      counterShifts[pid] = shift
      const begun = (todo & ~(mark.unbegun | mark.fresh)) | (shift === 0 ? 0 : mark.rewritten)
      if (hasPayload(packets, at)) marks[pid] = begun
    }
    this.#rewrite(packets, at, pid, nowMs)
  }

  /** What to add to the counter of this packet, so that it follows its PID's last one (ISO 13818-1 2.4.3.3). */
  #carryOn(packets: Buffer, at: number, pid: number): number {
    const last = this.#output.lastCounter(this.#routes.outPids[pid] ?? pid)
    if (last < 0) return 0
    return (last + (hasPayload(packets, at) ? 1 : 0) - counterOf(packets, at)) & 0x0f
  }

  /** Whether a packet of a PID on which nothing has begun yet passes: the first unit does, and the clock. */
  #canPass(packets: Buffer, at: number, pid: number): boolean {
    if (hasPayload(packets, at) && startsUnit(packets, at) && this.#canBegin(packets, at, pid)) return true
    if (pid !== this.pcrPid || !hasPcr(packets, at)) return false
    stripPayload(packets, at)
    return true
  }

  #canBegin(packets: Buffer, at: number, pid: number): boolean {
    if (pid === this.leadPid || isScrambled(packets, at)) return true
    const dts = readDts(packets, at)
    const outPid = this.#routes.outPids[pid] ?? pid
    return dts === null || this.#output.clock.canFollow(outPid, wrapTicks(dts + this.shift90kHz))
  }

  #rewrite(packets: Buffer, at: number, pid: number, nowMs: number): void {
    const { outPids, counterShifts } = this.#routes
    const outPid = outPids[pid] ?? pid
    const flags = packets[at + 3] ?? 0
    const counter = (flags + (counterShifts[pid] ?? 0)) & 0x0f
    packets[at + 1] = ((packets[at + 1] ?? 0) & 0xe0) | (outPid >> 8)
    packets[at + 2] = outPid & 0xff
    packets[at + 3] = (flags & 0xf0) | counter
    this.#output.counters[outPid] = counter
    if (!startsUnit(packets, at) && !hasAdaptation(packets, at)) return
    if (this.shift90kHz !== 0) this.#shiftPacket(packets, at)
    if (this.isClockUnannounced && pid === this.pcrPid && hasPcr(packets, at)) {
      packets[at + 5] = (packets[at + 5] ?? 0) | discontinuityIndicator
      this.isClockUnannounced = false
    }
    this.#note(packets, at, pid, nowMs)
  }

  #shiftPacket(packets: Buffer, at: number): void {
    if (hasPcr(packets, at)) writePcrBase(packets, at, wrapTicks(readPcrBase(packets, at) + this.shift90kHz))
    if (startsUnit(packets, at) && !isScrambled(packets, at)) shiftTimes(packets, at, this.shift90kHz)
  }

  /** Remembers where the output stands, from a packet that goes out. */
  #note(packets: Buffer, at: number, pid: number, nowMs: number): void {
    if (pid === this.pcrPid && hasPcr(packets, at))
      this.#output.clock.notePcr(readPcrBase(packets, at), nowMs)
    if (!startsUnit(packets, at) || this.#routes.isTimed[pid] === 0 || isScrambled(packets, at)) return
    const times = readTimes(packets, at)
    const kind = this.#routes.kinds.get(pid)
    if (times === null || kind === undefined) return
    this.#output.clock.noteUnit(
      this.#routes.outPids[pid] ?? pid,
      { kind, ...times, bytes: unitBytes(packets, at) },
      nowMs,
    )
  }
}
