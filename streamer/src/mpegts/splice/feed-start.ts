import { type Pcr, readPcr } from "../clock.ts"
import { isSound } from "../descriptors.ts"
import { JoinPointFinder } from "../join-points.ts"
import { hasPcr, nullPid, packetBytes, pidOf, startsUnit } from "../packet.ts"
import { ProgrammeFollower } from "./programme-follower.ts"

/** The beginning of a feed from its first join point on. */
export interface Start {
  tables: Buffer
  packets: Buffer
  /** Offsets in `packets` at which counters start anew. */
  restarts: readonly number[]
  /** The programme's clock there: its first PCR, else the last one before; null when none is known. */
  pcr: Pcr | null
}

/** What has to be known of a feed before it can go out. */
export type Needs = "picture" | "clock" | "clock and sound"

// A clock reference comes every 100 ms (ISO 13818-1 2.7.2), which is half of this at 8 Mbit/s.
const patiencePackets = 1000

/** What is known once the join point is found. */
interface Found {
  tables: Buffer
  pcrPid: number
  pcr: Pcr | null
  /** Sound of which no unit has begun yet. */
  silent: Set<number>
  packets: number
}

/** Holds a feed back until a place where viewers can start, and what else is needed there, have come. */
export class FeedStart {
  readonly #finder = new JoinPointFinder()
  readonly #maxBytes: number
  readonly #needs: Needs
  #chunks: Buffer[] = []
  #bytes = 0
  /** Where counters start anew, as offsets in what is held. */
  #restarts: number[] = []
  #found: Found | null = null
  /** The last one of each PID before the join point. */
  readonly #pcrs = new Map<number, Pcr>()

  constructor(maxBytes: number, needs: Needs) {
    this.#maxBytes = maxBytes
    this.#needs = needs
  }

  /** Bytes held: at most `maxBytes` and one chunk. */
  get bytes(): number {
    return this.#bytes
  }

  /** The counters of what comes now start anew. */
  restartCounters(): void {
    if (this.#bytes > 0) this.#restarts.push(this.#bytes)
  }

  push(packets: Buffer): Start | null {
    this.#chunks.push(packets)
    this.#bytes += packets.length
    if (this.#found === null) this.#find(packets)
    else lookForNeeds(packets, this.#found)
    const found = this.#found
    if (found === null || !this.#isEnough(found)) return null
    return {
      tables: found.tables,
      packets: Buffer.concat(this.#chunks),
      restarts: this.#restarts,
      pcr: found.pcr,
    }
  }

  #isEnough(found: Found): boolean {
    if (found.packets >= patiencePackets || this.#bytes >= this.#maxBytes) return true
    const hasClock = found.pcr !== null || found.pcrPid === nullPid
    switch (this.#needs) {
      case "picture":
        return true
      case "clock":
        return hasClock
      case "clock and sound":
        return hasClock && found.silent.size === 0
    }
  }

  #find(packets: Buffer): void {
    const before = this.#bytes - packets.length
    // A join point whose beginning is not held any more is of no use.
    const point = this.#finder.push(packets).find(({ offset }) => before + offset >= 0)
    if (point === undefined) {
      notePcrs(packets, this.#pcrs)
      const undecided = this.#finder.undecidedOffset
      const kept = undecided === null || -undecided > this.#maxBytes ? 0 : -undecided
      this.#dropFirst(Math.max(0, this.#bytes - kept))
      return
    }
    notePcrs(packets.subarray(0, Math.max(0, point.offset)), this.#pcrs)
    this.#dropFirst(before + point.offset)
    const { programme } = new ProgrammeFollower(point.tables)
    const silent = new Set(programme?.streams.filter(isSound).map(({ pid }) => pid))
    const found: Found = {
      tables: point.tables,
      pcrPid: programme?.pcrPid ?? nullPid,
      pcr: null,
      silent,
      packets: 0,
    }
    for (const chunk of this.#chunks) lookForNeeds(chunk, found)
    this.#found = { ...found, pcr: found.pcr ?? this.#pcrs.get(found.pcrPid) ?? null }
  }

  #dropFirst(bytes: number): void {
    let left = bytes
    while (left > 0) {
      const [first] = this.#chunks
      if (first === undefined) break
      const taken = Math.min(left, first.length)
      if (taken === first.length) this.#chunks.shift()
      else this.#chunks[0] = first.subarray(taken)
      this.#bytes -= taken
      left -= taken
    }
    this.#restarts = this.#restarts.map((offset) => offset - bytes).filter((offset) => offset > 0)
  }
}

function lookForNeeds(packets: Buffer, found: Found): void {
  found.packets += packets.length / packetBytes
  for (let at = 0; at < packets.length; at += packetBytes) {
    const pid = pidOf(packets, at)
    if (found.pcr === null && pid === found.pcrPid && hasPcr(packets, at)) found.pcr = readPcr(packets, at)
    if (startsUnit(packets, at)) found.silent.delete(pid)
  }
}

function notePcrs(packets: Buffer, pcrs: Map<number, Pcr>): void {
  for (let at = 0; at < packets.length; at += packetBytes)
    if (hasPcr(packets, at)) pcrs.set(pidOf(packets, at), readPcr(packets, at))
}
