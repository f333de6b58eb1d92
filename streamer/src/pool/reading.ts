import { JoinBuffer } from "../mpegts/join-buffer.ts"
import { PacketAligner } from "../mpegts/packet-aligner.ts"
import type { Upstream, UpstreamFailure, UpstreamSeam } from "../upstream/upstream.ts"
import { BitrateWatch } from "./bitrate-watch.ts"
import { pictureMilliseconds } from "./failover-policy.ts"

/** Where the packets of an upstream go. */
export interface ReadingSink {
  /** The first ones: tables, then everything from a keyframe on. Nothing is given before. */
  begin(packets: Buffer): void
  push(packets: Buffer): void
  seam(seam: UpstreamSeam): void
}

export interface ReadingOptions {
  sink: ReadingSink
  /** What is held while no keyframe has come. */
  maxBufferBytes: number
  /** Bytes that hold no packet are nothing: after so long without one it has stalled. */
  stallMilliseconds: number
  /** A relay's bitrate may collapse: the origin sees to it. */
  watchesBitrate: boolean
  /** Monotonic milliseconds. */
  now: () => number
}

// Garbage is recognised after this much of it without a single packet.
const maxGarbageBytes = 64 * 1024
const lookMilliseconds = 250
const garbage: UpstreamFailure = { code: "not_video", what: "unknown" }

/** One upstream that is being read, until it fails in whatever way. */
export class Reading {
  /** Its packets have begun to go out. */
  readonly begun: Promise<void>
  readonly ended: Promise<UpstreamFailure>
  readonly rate: BitrateWatch
  /** Monotonic milliseconds of its first picture; null before. */
  begunAt: number | null = null
  readonly #upstream: Upstream
  readonly #options: ReadingOptions
  readonly #aligner = new PacketAligner()
  readonly #timer: NodeJS.Timeout
  #waiting: JoinBuffer | null
  #firstByteAt: number | null = null
  #lastPacketAt: number
  #discardedBefore = 0
  #isEnded = false
  #markBegun: () => void = () => undefined
  #end: (failure: UpstreamFailure) => void = () => undefined

  constructor(upstream: Upstream, options: ReadingOptions) {
    this.#upstream = upstream
    this.#options = options
    this.#waiting = new JoinBuffer(options.maxBufferBytes)
    this.#lastPacketAt = options.now()
    this.rate = new BitrateWatch(this.#lastPacketAt, { isSegmented: upstream.isSegmented === true })
    this.begun = new Promise((resolve) => {
      this.#markBegun = resolve
    })
    this.ended = new Promise((resolve) => {
      this.#end = (failure) => {
        this.#isEnded = true
        clearInterval(this.#timer)
        resolve(failure)
      }
    })
    this.#timer = setInterval(() => this.#look(), lookMilliseconds)
    upstream
      .read(
        (chunk) => this.#take(chunk),
        (seam) => this.#seam(seam),
      )
      .then(
        (failure) => this.stop(failure),
        () => this.stop({ code: "protocol_error" }),
      )
  }

  get skippedSegments(): number {
    return this.#upstream.skippedSegments ?? 0
  }

  /** Ends it for this reason; nothing is given on any more. */
  stop(failure: UpstreamFailure): void {
    if (!this.#isEnded) this.#end(failure)
  }

  /** Resolves when the upstream's sockets are gone. */
  async close(): Promise<void> {
    this.stop({ code: "aborted" })
    await this.#upstream.close().catch(() => undefined)
  }

  #take(chunk: Buffer): void {
    if (this.#isEnded) return
    const now = this.#options.now()
    this.#firstByteAt ??= now
    this.rate.add(chunk.length, now)
    const packets = this.#aligner.push(chunk)
    if (packets.length === 0) {
      if (this.#aligner.discardedBytes - this.#discardedBefore > maxGarbageBytes) this.stop(garbage)
      return
    }
    this.#lastPacketAt = now
    this.#discardedBefore = this.#aligner.discardedBytes
    if (this.#waiting === null) this.#options.sink.push(packets)
    else this.#await(this.#waiting, packets)
  }

  #await(waiting: JoinBuffer, packets: Buffer): void {
    if (!waiting.push(packets).hasOpening) return
    const opening = waiting.opening()
    if (opening === null) return
    this.#waiting = null
    this.begunAt = this.#options.now()
    this.#options.sink.begin(Buffer.concat([opening.tables, ...opening.chunks]))
    this.#markBegun()
  }

  #seam(seam: UpstreamSeam): void {
    if (this.#isEnded) return
    if (this.#waiting === null) this.#options.sink.seam(seam)
    else if (seam === "discontinuity") this.#waiting = new JoinBuffer(this.#options.maxBufferBytes)
  }

  #look(): void {
    const { now: clock, stallMilliseconds, watchesBitrate } = this.#options
    const now = clock()
    if (this.#firstByteAt === null) return
    if (this.#waiting !== null && now - this.#firstByteAt > pictureMilliseconds) this.stop(garbage)
    // Of one that comes in segments the upstream knows how long they are.
    else if (!this.rate.isSegmented && now - this.#lastPacketAt > stallMilliseconds)
      this.stop(this.rate.bitsPerSecond(now) > 0 ? garbage : { code: "stalled" })
    else if (watchesBitrate && this.rate.hasCollapsed(now)) this.stop({ code: "collapsed" })
  }
}
