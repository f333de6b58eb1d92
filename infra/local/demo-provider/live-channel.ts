import type { IndexedLoop } from "./index-loop.ts"
import { entry, lastEntry, packetsBetween, positionAt } from "./replay.ts"
import type { Settings } from "./settings.ts"

/** Someone who gets the channel's packets; told where they begin, so that it can lag on its own account. */
export type Subscriber = {
  /** `from` and `to` are positions, `bytes` the packets between them, shared by all subscribers. */
  receive: (from: number, to: number, bytes: Buffer) => void
}

/** One channel in real time. Each slice is made once per tick, whoever and however many get it. */
export class LiveChannel {
  readonly loop: IndexedLoop
  readonly #nowSeconds: () => number
  readonly #subscribers = new Set<Subscriber>()
  #position = 0
  #burst: { from: number; to: number; bytes: Buffer } | null = null

  constructor(loop: IndexedLoop, nowSeconds: () => number) {
    this.loop = loop
    this.#nowSeconds = nowSeconds
  }

  /** Sends the burst from the latest key frame (or as `startAt` says) at once, then what each tick brings. */
  subscribe(subscriber: Subscriber, startAt: Settings["startAt"]): void {
    if (this.#subscribers.size === 0) this.#position = positionAt(this.loop, this.#nowSeconds())
    const from = this.#start(startAt)
    this.#subscribers.add(subscriber)
    subscriber.receive(from, this.#position, this.#burstFrom(from))
  }

  unsubscribe(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
  }

  tick(): void {
    if (this.#subscribers.size === 0) return
    const from = this.#position
    const to = positionAt(this.loop, this.#nowSeconds())
    if (to <= from) return
    this.#position = to
    const bytes = packetsBetween(this.loop, from, to)
    for (const subscriber of [...this.#subscribers]) subscriber.receive(from, to, bytes)
  }

  #start(startAt: Settings["startAt"]): number {
    const latest = lastEntry(this.loop, this.#position)
    if (startAt === "keyframe") return entry(this.loop, latest).position
    // The middle of the group before is far from tables and key frames, and wholly in the past.
    const before = entry(this.loop, latest - 1).position
    return before + Math.floor((entry(this.loop, latest).position - before) / 2)
  }

  /** Viewers who join in the same tick share their burst. */
  #burstFrom(from: number): Buffer {
    if (this.#burst?.from !== from || this.#burst.to !== this.#position)
      this.#burst = { from, to: this.#position, bytes: packetsBetween(this.loop, from, this.#position) }
    return this.#burst.bytes
  }
}
