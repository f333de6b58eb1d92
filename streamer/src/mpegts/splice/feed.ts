import { wrapTicks } from "../clock.ts"
import { nullPid, packetBytes, pidOf } from "../packet.ts"
import { leadOf, type Programme } from "../programme.ts"
import { FeedPackets } from "./feed-packets.ts"
import type { Start } from "./feed-start.ts"
import { firstUnits } from "./first-units.ts"
import type { Output } from "./output.ts"
import type { Following } from "./output-clock.ts"
import type { PidMap } from "./output-pids.ts"
import type { PacketRuns } from "./packet-runs.ts"
import { ProgrammeFollower } from "./programme-follower.ts"
import { mark, Routes } from "./routes.ts"

/** One feed on its way into the output, from its join point on. */
export class Feed {
  readonly #output: Output
  readonly #follower: ProgrammeFollower
  readonly #routes: Routes
  readonly #packets: FeedPackets
  /** The first feed's tables, PIDs and times are the output's. */
  readonly #isFirst: boolean
  #mapped: PidMap = new Map()
  /** The feed's PMT that `#mapped` is of. */
  #pmt: Buffer = Buffer.alloc(0)

  private constructor(output: Output, follower: ProgrammeFollower, order: "first" | "later") {
    this.#output = output
    this.#follower = follower
    this.#isFirst = order === "first"
    this.#routes = this.#isFirst ? Routes.passing() : Routes.mapped()
    this.#packets = new FeedPackets(output, this.#routes, (...packet) => this.#takeTable(...packet))
  }

  /** Begins the output with this feed. */
  static first(output: Output, start: Start, nowMs: number): { feed: Feed; out: Buffer } {
    const { tables } = start
    const feed = new Feed(output, new ProgrammeFollower(tables), "first")
    for (let at = 0; at < tables.length; at += packetBytes) feed.#routes.marks[pidOf(tables, at)] = mark.fresh
    feed.#setTables()
    return { feed, out: Buffer.concat([feed.push(tables, nowMs), ...feed.#pushHeld(start, nowMs)]) }
  }

  /** Goes on with this feed where the one before ended. */
  static later(
    output: Output,
    start: Start,
    { following, nowMs }: { following: Following; nowMs: number },
  ): { feed: Feed; out: Buffer } {
    const follower = new ProgrammeFollower(start.tables)
    const feed = new Feed(output, follower, "later")
    output.pids.forgetFeed()
    const pat = output.count(output.tables.pat())
    feed.#setTables()
    const { programme } = follower
    if (programme === null) return { feed, out: pat }
    const pmt = feed.#map(programme)
    const announcements = feed.#setClock(start, programme, { following, nowMs })
    feed.#setStreams(programme)
    return { feed, out: Buffer.concat([pat, pmt, ...announcements, ...feed.#pushHeld(start, nowMs)]) }
  }

  #pushHeld({ packets, restarts }: Start, nowMs: number): Buffer[] {
    return [0, ...restarts].map((from, index) => {
      if (index > 0) this.restartCounters()
      return this.push(packets.subarray(from, restarts[index] ?? packets.length), nowMs)
    })
  }

  /** The same stream goes on, with counters that start anew. */
  restartCounters(): void {
    this.#routes.restartCounters()
  }

  /** Takes whole packets, and edits them; gives those that go out. */
  push(packets: Buffer, nowMs: number): Buffer {
    return this.#packets.push(packets, nowMs)
  }

  /** Reads a table; a later feed's is replaced by the output's own. */
  #takeTable(packets: Buffer, at: number, runs: PacketRuns): "taken" | "passes" {
    const completed = this.#follower.push(packets, at)
    if (completed === "pat") this.#setTables()
    if (this.#isFirst) {
      if (completed !== null) this.#passTable(completed)
      return "passes"
    }
    const { programme } = this.#follower
    if (completed === "pat") runs.replace(at, this.#output.count(this.#output.tables.pat()))
    else if (completed === "pmt" && programme !== null) runs.replace(at, this.#goOn(programme))
    else runs.drop(at)
    return "taken"
  }

  #passTable(table: "pat" | "pmt"): void {
    const { tables, pids } = this.#output
    const { programme, pat, pmt, pmtPid } = this.#follower
    if (table === "pat") tables.passPat(pat)
    else tables.passPmt(pmt, pmtPid)
    if (table === "pat" || programme === null || pmt.equals(this.#pmt)) return
    this.#pmt = pmt
    this.#mapped = pids.pass(programme)
    this.#setStreams(programme)
  }

  /** The output's PMT where the feed's own came, which may have changed. */
  #goOn(programme: Programme): Buffer {
    const { pmt } = this.#follower
    if (pmt.equals(this.#pmt)) return this.#output.count(this.#output.tables.samePmt())
    const packets = this.#map(programme)
    this.#setStreams(programme)
    return packets
  }

  /** Gives the feed's streams their PIDs in the output; gives the PMT that says so. */
  #map(programme: Programme): Buffer {
    const { tables, pids } = this.#output
    this.#pmt = this.#follower.pmt
    this.#mapped = pids.assign(programme, tables.pmtPid)
    this.#routes.mapOnly(this.#mapped)
    this.#setTables()
    return this.#output.count(tables.pmt(translate(programme, this.#mapped)))
  }

  #setTables(): void {
    this.#routes.setTable(0)
    this.#routes.setTable(this.#follower.pmtPid)
  }

  #setStreams(programme: Programme): void {
    const lead = leadOf(programme.streams)
    this.#packets.leadPid = lead?.pid ?? -1
    this.#packets.pcrPid = programme.pcrPid
    this.#output.clock.noteLead(this.#mapped.get(this.#packets.leadPid) ?? -1)
    this.#routes.follow(programme.streams)
  }

  /** Makes the feed's times go on where the output's are; gives what tells players so. */
  #setClock(
    { packets, pcr }: Start,
    { streams, pcrPid }: Programme,
    { following, nowMs }: { following: Following; nowMs: number },
  ): Buffer[] {
    const { clock } = this.#output
    const pcr90kHz = pcr?.base90kHz ?? null
    const shift = clock.shiftFor(
      following,
      { pcr90kHz, ...firstUnits(packets, streams, this.#mapped) },
      nowMs,
    )
    this.#packets.shift90kHz = shift
    this.#packets.isClockUnannounced = pcr === null
    const moved = pcr === null ? null : { ...pcr, base90kHz: wrapTicks(pcr.base90kHz + shift) }
    return [...this.#mapped].map(([pid, outPid]) =>
      this.#output.announce(outPid, pid === pcrPid ? moved : null),
    )
  }
}

/** A feed's programme as the output lists it; a stream without a PID there is left out. */
function translate(programme: Programme, mapped: PidMap): Programme {
  const listed = new Set<number>()
  const streams = programme.streams.flatMap((stream) => {
    const pid = mapped.get(stream.pid)
    if (pid === undefined || listed.has(pid)) return []
    listed.add(pid)
    return [{ ...stream, pid }]
  })
  return { ...programme, pcrPid: mapped.get(programme.pcrPid) ?? nullPid, streams }
}
