import { JoinBuffer } from "../mpegts/join-buffer.ts"
import { packetBytes } from "../mpegts/packet.ts"
import { BufferBudget, type BufferHolder } from "./buffer-budget.ts"
import { Frame } from "./frame.ts"
import { Openings } from "./openings.ts"
import type { Subscriber } from "./subscriber.ts"
import { WritePace } from "./write-pace.ts"

/** What the live streams of a process share. */
export interface FanOutShare {
  budget: BufferBudget
  pace: WritePace
}

/** What happens to subscribers. */
export interface FanOutEvents {
  /** It was given its first packets. */
  started?: (subscriber: Subscriber) => void
  /** It was too slow, and goes on with the newest keyframe. */
  moved?: () => void
}

// As large as writes become: more would save nothing, and a slow viewer would have more to take before a move.
const fullFrameBytes = 64 * 1024
const maxPartBytes = 700 * packetBytes
// Some seconds. Then what only a slow subscriber may need is left to the garbage collector.
const pastRounds = 50

/** One producer, many subscribers: each starts with tables and a keyframe, then gets every packet. */
export class FanOut implements BufferHolder {
  readonly #maxBytes: number
  readonly #share: FanOutShare
  readonly #events: FanOutEvents
  readonly #openings: Openings
  readonly #subscribers = new Set<Subscriber>()
  readonly #left = { bytesSent: 0, moves: 0 }
  /** Packets that are not written yet; null when the stream is over. */
  #gathered: Buffer[] | null = []
  #gatheredBytes = 0
  #timer: NodeJS.Timeout | null = null
  /** Older than what is kept for joiners. */
  #past: Frame[] = []
  #pastRounds = 0

  /** `maxBytes` bounds what is held for joiners and for slow subscribers (`BUFFER_SIZE_PER_STREAM`). */
  constructor(maxBytes: number, share: Partial<FanOutShare> = {}, events: FanOutEvents = {}) {
    this.#maxBytes = maxBytes
    this.#events = events
    this.#share = {
      budget: share.budget ?? new BufferBudget(() => Number.POSITIVE_INFINITY),
      pace: share.pace ?? new WritePace(() => performance.now()),
    }
    // A quarter is left for those who take an opening of the full size while the stream goes on.
    this.#openings = new Openings(new JoinBuffer((maxBytes * 3) / 4))
  }

  get subscribers(): ReadonlySet<Subscriber> {
    return this.#subscribers
  }

  /** To all subscribers there ever were. */
  get bytesSent(): number {
    let sum = this.#left.bytesSent
    for (const { bytesSent } of this.#subscribers) sum += bytesSent
    return sum
  }

  /** How often subscribers were moved to the newest keyframe. */
  get moves(): number {
    let sum = this.#left.moves
    for (const { moves } of this.#subscribers) sum += moves
    return sum
  }

  /** A joiner gets the newest keyframe on at once, or waits for the first one. */
  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber)
    this.#start(subscriber)
  }

  remove(subscriber: Subscriber): void {
    if (!this.#subscribers.delete(subscriber)) return
    // It may take its time with them.
    if (subscriber.backlogBytes > 0) this.#keepAll()
    this.#left.bytesSent += subscriber.bytesSent
    this.#left.moves += subscriber.moves
  }

  /** Sends whole packets to everyone: at once, or joined with what follows when there is much to write. */
  push(packets: Buffer): void {
    // As it is, so that its room is not lost.
    if (packets.length <= maxPartBytes) this.#gather(packets)
    else
      for (let at = 0; at < packets.length; at += maxPartBytes)
        this.#gather(packets.subarray(at, at + maxPartBytes))
  }

  /** Sends packets that are not part of the stream to those who play and are up to date. */
  fill(packets: Buffer): void {
    this.#flush()
    const frame = new Frame([packets])
    for (const subscriber of this.#subscribers)
      if (subscriber.state !== "playing") this.#start(subscriber)
      else if (subscriber.backlogBytes === 0) subscriber.write(frame)
  }

  /** The stream is over for everyone. */
  close(): void {
    this.#flush()
    this.#keepAll()
    this.#gathered = null
    for (const subscriber of this.#subscribers) {
      subscriber.close()
      this.remove(subscriber)
    }
    this.#share.budget.remove(this)
  }

  /** Moves its slowest subscribers to the newest keyframe. */
  giveUpBacklog(): number {
    const playing = [...this.#subscribers].filter(({ state }) => state === "playing")
    const slowest = Math.max(0, ...playing.map(({ backlogBytes }) => backlogBytes))
    // What is held for joiners anyway is not freed by a move.
    const kept = Math.max(this.#openings.bytes, slowest / 2)
    for (const subscriber of playing) if (subscriber.backlogBytes > kept) this.#move(subscriber)
    return this.#heldBytes
  }

  /** Joiners wait for the next keyframe. */
  giveUpOpening(): number {
    this.#past.push(...this.#openings.forget())
    return this.#heldBytes
  }

  #gather(packets: Buffer): void {
    if (this.#gathered === null || packets.length === 0) return
    this.#gathered.push(packets)
    this.#gatheredBytes += packets.length
    if (this.#timer !== null && this.#gatheredBytes < fullFrameBytes) return
    const wait = this.#gatheredBytes < fullFrameBytes ? this.#share.pace.waitMilliseconds : 0
    if (wait === 0) this.#flush()
    else this.#timer = setTimeout(() => this.#flush(), wait)
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#gathered === null || this.#gatheredBytes === 0) return
    const frame = new Frame(this.#gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    this.#past.push(...this.#openings.push(frame))
    this.#share.pace.measure(() => {
      for (const subscriber of this.#subscribers) this.#give(subscriber, frame)
    })
    this.#share.budget.report(this, this.#heldBytes)
    this.#releasePast()
  }

  /** What a subscriber has not taken yet are the newest frames: less than is kept for joiners, it has none older. */
  #releasePast(): void {
    if (this.#past.length === 0) return
    if (this.#mayNeedPast()) {
      if (++this.#pastRounds < pastRounds) return
    } else for (const frame of this.#past) frame.release()
    this.#past = []
    this.#pastRounds = 0
  }

  #mayNeedPast(): boolean {
    const kept = this.#openings.bytes
    for (const { state, backlogBytes } of this.#subscribers)
      if (state === "moving" || state === "ended" || backlogBytes > kept) return true
    return false
  }

  #keepAll(): void {
    this.#past = []
    this.#openings.keep()
  }

  #give(subscriber: Subscriber, frame: Frame): void {
    if (subscriber.state === "playing") subscriber.write(frame)
    else this.#start(subscriber)
    if (subscriber.backlogBytes > this.#maxBytes) this.#move(subscriber)
  }

  #start(subscriber: Subscriber): void {
    const { state } = subscriber
    if (state !== "waiting" && state !== "moved") return
    const opening = state === "moved" ? this.#openings.openingOfMoved() : this.#openings.opening()
    if (opening === null) return
    subscriber.start(opening)
    if (state === "waiting") this.#events.started?.(subscriber)
  }

  #move(subscriber: Subscriber): void {
    const before = subscriber.moves
    subscriber.move()
    if (subscriber.moves > before) this.#events.moved?.()
  }

  /** Subscribers and the join buffer share their frames: who holds the most holds all that the others do. */
  get #heldBytes(): number {
    let most = this.#openings.bytes
    let left = 0
    for (const { state, backlogBytes } of this.#subscribers)
      if (state === "moving") left += backlogBytes
      else most = Math.max(most, backlogBytes)
    return most + left
  }
}
