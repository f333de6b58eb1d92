import { crc32 } from "node:zlib"
import type { Logger } from "@tributary/shared/log/log"
import { FormatProbe, type StreamFormat } from "../mpegts/stream-format.ts"
import type { PacketSource } from "../pool/live-stream.ts"
import { type MasterVariant, mediaPlaylist } from "./playlist.ts"
import type { Segment } from "./segment.ts"
import { Segmenter } from "./segmenter.ts"
import { SegmentWindow } from "./window.ts"

export interface HlsOutputOptions {
  source: PacketSource
  /** Bounds the segments that are kept (`BUFFER_SIZE_PER_STREAM`). */
  maxBytes: number
  /** What is played: where two of these differ, so do their times. */
  key: string
  /** Where an earlier output of the same key left off; without it a number by the key. */
  firstDiscontinuity?: number | undefined
  /** How long a player waits for the first segment, in milliseconds; 10 s. */
  patienceMilliseconds?: number
  /** Unix milliseconds. */
  now: () => number
  logger: Logger
}

const usualPatienceMilliseconds = 10_000
// Of all that is kept, the one that is being made may be so much.
const draftShare = 1 / 4

/**
 * Players take equal numbers for equal times (RFC 8216 6.2.4), and a transcode's times are its own: outputs of different
 * keys begin in different places, and dates tell how they belong together. The numbers are small, since hls.js counts up
 * to them.
 */
export const firstDiscontinuityOf = (key: string) => (crc32(key) % 1_000) * 100

/** A stream as HLS: its segments, for however many viewers. Ends with its source. */
export class HlsOutput {
  readonly source: PacketSource
  /** Resolves when there will be no more segments, and all are forgotten. */
  readonly closed: Promise<void>
  readonly #options: HlsOutputOptions
  readonly #window: SegmentWindow
  readonly #segmenter: Segmenter
  readonly #probe = new FormatProbe()
  readonly #first = Promise.withResolvers<void>()
  readonly #end = Promise.withResolvers<void>()
  #state: "waiting" | "live" | "closed" = "waiting"
  #peakBandwidth = 0
  readonly #sum = { bytes: 0, seconds: 0 }

  constructor(options: HlsOutputOptions) {
    const { source, key, maxBytes, now, logger } = options
    this.#options = options
    this.source = source
    this.closed = this.#end.promise
    this.#window = new SegmentWindow({
      maxBytes: maxBytes * (1 - draftShare),
      // Grows from one output to the next on the same address, as it does not grow by one each second.
      firstSequence: Math.floor(now() / 1000),
      firstDiscontinuity: options.firstDiscontinuity ?? firstDiscontinuityOf(key),
      logger,
    })
    this.#segmenter = new Segmenter({
      onSegment: (segment, targetSeconds) => this.#take(segment, targetSeconds),
      onEnd: () => this.close(),
      maxSegmentBytes: maxBytes * draftShare,
      now,
    })
    if (!source.subscribe(this.#segmenter)) this.close()
  }

  get isOpen(): boolean {
    return this.#state !== "closed"
  }

  /** Null until there is a segment. */
  get targetSeconds(): number | null {
    return this.#segmenter.targetSeconds
  }

  get format(): StreamFormat {
    return this.#probe.format
  }

  /** For the next output of this key: its times are others again. */
  get nextDiscontinuity(): number {
    const listed = this.#window.listed.filter(({ isDiscontinuous }) => isDiscontinuous)
    return this.#window.discontinuitySequence + listed.length + 1
  }

  get bytes(): number {
    return this.#window.bytes
  }

  /**
   * The media playlist as it is now, whose segments lie in a folder next to it: waits for the first segment. Null when
   * none comes in time, the output closes, or `left` aborts.
   */
  async playlist(folder: string, left: AbortSignal): Promise<string | null> {
    if (!(await this.#isReady(left))) return null
    const { targetSeconds } = this
    return this.#state !== "live" || targetSeconds === null
      ? null
      : mediaPlaylist(this.#window, targetSeconds, folder)
  }

  /** How a master playlist describes it, once it is known; null as for `playlist`. */
  async describe(uri: string, left: AbortSignal): Promise<MasterVariant | null> {
    if (!(await this.#isReady(left))) return null
    const { video } = this.format
    return {
      uri,
      peakBandwidth: this.#peakBandwidth,
      averageBandwidth: (this.#sum.bytes * 8) / this.#sum.seconds,
      width: video?.width ?? null,
      height: video?.height ?? null,
      framesPerSecond: video?.framesPerSecond ?? null,
    }
  }

  /** Its bytes count as sent to a viewer; null when there is no such segment (any more). */
  segment(sequence: number): Buffer | null {
    const data = this.#window.segment(sequence)
    this.#segmenter.bytesSent += data?.length ?? 0
    return data
  }

  close(): void {
    if (this.#state === "closed") return
    this.#state = "closed"
    this.source.unsubscribe(this.#segmenter)
    this.#first.resolve()
    this.#end.resolve()
  }

  #take(segment: Segment, targetSeconds: number): void {
    if (this.#state === "closed") return
    this.#state = "live"
    this.#probe.push(segment.data)
    this.#peakBandwidth = Math.max(this.#peakBandwidth, (segment.data.length * 8) / segment.seconds)
    this.#sum.bytes += segment.data.length
    this.#sum.seconds += segment.seconds
    this.#window.push(segment, targetSeconds)
    this.#first.resolve()
  }

  async #isReady(left: AbortSignal): Promise<boolean> {
    if (this.#state !== "waiting") return this.#state === "live"
    const { patienceMilliseconds = usualPatienceMilliseconds } = this.#options
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, patienceMilliseconds)
    left.addEventListener("abort", () => resolve(), { once: true })
    if (left.aborted) resolve()
    await Promise.race([this.#first.promise, promise])
    clearTimeout(timer)
    // Asked anew: it may be anything by now.
    return (this.#state as string) === "live"
  }
}
