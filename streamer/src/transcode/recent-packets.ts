import type { BufferBudget, BufferHolder } from "../fan-out/buffer-budget.ts"
import type { Frame } from "../fan-out/frame.ts"
import type { Subscriber, SubscriberState } from "../fan-out/subscriber.ts"
import { JoinPointFinder } from "../mpegts/join-points.ts"

export interface RecentPacketsOptions {
  maxBytes: number
  /** What all streams of this process hold together. */
  budget: BufferBudget
  /** Monotonic milliseconds. */
  now: () => number
}

/** A place where a transcode can begin. */
interface Point {
  position: number
  tables: Buffer
  atMs: number
}

// A player of HLS is three target durations behind, and the segment that was being made; one second for its requests.
const keptMilliseconds = 9_000

/**
 * Keeps a live stream's last seconds from a keyframe on: who changes to a quality that nobody watches yet is given it
 * from where they are, not from now on.
 */
export class RecentPackets implements Subscriber, BufferHolder {
  readonly #options: RecentPacketsOptions
  readonly #finder = new JoinPointFinder()
  #points: Point[] = []
  #chunks: Buffer[] = []
  /** Positions of the first packet that is kept, and of the next one that comes. */
  #from = 0
  #to = 0
  state: SubscriberState = "waiting"
  readonly backlogBytes = 0
  readonly bytesSent = 0
  moves = 0

  constructor(options: RecentPacketsOptions) {
    this.#options = options
  }

  /** Tables, a keyframe and all that came since; null while there is none. */
  opening(): Buffer[] | null {
    const [first] = this.#points
    if (first === undefined) return null
    const [oldest, ...others] = this.#chunks
    return oldest === undefined
      ? null
      : [first.tables, oldest.subarray(first.position - this.#from), ...others]
  }

  start(opening: readonly Frame[]): void {
    this.state = "playing"
    for (const frame of opening) this.write(frame)
  }

  write({ plain }: Frame): void {
    const { now, maxBytes, budget } = this.#options
    const from = this.#to
    const atMs = now()
    for (const { offset, tables } of this.#finder.push(plain))
      if (from + offset >= this.#from) this.#points.push({ position: from + offset, tables, atMs })
    // A copy, as the memory is used again.
    this.#chunks.push(Buffer.from(plain))
    this.#to += plain.length
    while (this.#isOld(atMs - keptMilliseconds) || this.#bytes > maxBytes)
      if (this.#points.shift() === undefined) break
    this.#trim()
    budget.report(this, this.#bytes)
  }

  move(): void {
    this.moves++
    this.#forget()
    this.state = "moved"
  }

  close(): void {
    this.#forget()
    this.state = "ended"
    this.#options.budget.remove(this)
  }

  giveUpBacklog(): number {
    return this.#bytes
  }

  giveUpOpening(): number {
    this.#forget()
    return 0
  }

  get #bytes(): number {
    return this.#to - (this.#points[0]?.position ?? this.#from)
  }

  #forget(): void {
    this.#points = []
    this.#trim()
  }

  /** There is another place to begin that is as old. */
  #isOld(beforeMs: number): boolean {
    const next = this.#points[1]
    return next !== undefined && next.atMs <= beforeMs
  }

  #trim(): void {
    const needed = this.#points[0]?.position ?? this.#to + Math.min(0, this.#finder.undecidedOffset ?? 0)
    for (let [first] = this.#chunks; first !== undefined; [first] = this.#chunks) {
      if (this.#from + first.length > needed) return
      this.#from += first.length
      this.#chunks.shift()
    }
  }
}
