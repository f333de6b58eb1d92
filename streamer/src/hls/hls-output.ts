import type { Logger } from "@tributary/shared/log/log"
import type { BufferBudget, BufferHolder } from "../fan-out/buffer-budget.ts"
import { FormatProbe, type StreamFormat } from "../mpegts/stream-format.ts"
import type { PacketSource } from "../pool/live-stream.ts"
import { type MasterVariant, mediaPlaylist } from "./playlist.ts"
import type { MadeSegment, Segment } from "./segment.ts"
import { Segmenter } from "./segmenter.ts"
import { Timeline } from "./timeline.ts"
import { SegmentWindow } from "./window.ts"

export interface HlsOutputOptions {
  source: PacketSource
  /** Bounds the segments that are kept (`BUFFER_SIZE_PER_STREAM`). */
  maxBytes: number
  /** What all streams of this process hold together (`MAX_BUFFER_SIZE`); without it this one is not counted. */
  budget?: BufferBudget
  /** Shared with other outputs that players may change to; without it one of its own. */
  timeline?: Timeline
  /** Where an earlier output on the same address left off; null when there was none. */
  before?: LeftOff | null
  /** How long a player waits for the first segment, in milliseconds; 10 s. */
  patienceMilliseconds?: number
  /** Unix milliseconds. */
  now: () => number
  logger: Logger
}

const usualPatienceMilliseconds = 10_000
// A player that is given less than it has of another quality asks again only after half a target duration: it had better
// wait for the rest.
const catchingUpMilliseconds = 1_500
const togetherMilliseconds = 500
// Of all that is kept, the one that is being made may be so much.
const draftShare = 1 / 4

/** Where an output ended. */
export interface LeftOff {
  /** Of the segment that would have come next, and Unix milliseconds of its beginning. */
  sequence: number
  endsAt: number
  targetSeconds: number
  timeline: Timeline
}

/** A stream as HLS: its segments, for however many viewers. Ends with its source. */
export class HlsOutput implements BufferHolder {
  readonly source: PacketSource
  /** Resolves when there will be no more segments, and all are forgotten. */
  readonly closed: Promise<void>
  readonly #options: HlsOutputOptions
  readonly #timeline: Timeline
  readonly #window: SegmentWindow
  readonly #segmenter: Segmenter
  readonly #probe = new FormatProbe()
  readonly #first = Promise.withResolvers<void>()
  readonly #end = Promise.withResolvers<void>()
  /** "late": others of its timeline have newer segments. */
  #state: "waiting" | "late" | "live" | "closed" = "waiting"
  #catchingUp: NodeJS.Timeout | null = null
  #peakBandwidth = 0
  /** Of the newest segment: the one that is being made becomes about as large before the next account. */
  #draftBytes = 0
  readonly #sum = { bytes: 0, seconds: 0 }

  constructor(options: HlsOutputOptions) {
    const { source, maxBytes, now, logger } = options
    this.#options = options
    this.#timeline = options.timeline ?? new Timeline(0)
    this.source = source
    this.closed = this.#end.promise
    this.#window = new SegmentWindow({
      maxBytes: maxBytes * (1 - draftShare),
      // Grows from one output to the next on the same address, as it does not grow by one each second.
      firstSequence: Math.floor(now() / 1000),
      firstDiscontinuity: this.#timeline.discontinuity,
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

  /** For the next output on the same address; null where there was no segment. */
  get leftOff(): LeftOff | null {
    const last = this.#window.listed.at(-1)
    if (last === undefined || this.targetSeconds === null) return this.#options.before ?? null
    return {
      sequence: last.sequence + 1,
      endsAt: last.startsAt + last.seconds * 1000,
      targetSeconds: this.targetSeconds,
      timeline: this.#timeline,
    }
  }

  get bytes(): number {
    return this.#window.bytes + this.#draftBytes
  }

  /** Players who are late lose what is not listed any more. */
  giveUpBacklog(): number {
    this.#window.forgetUnlisted()
    return this.bytes
  }

  /** Joiners get a shorter list. */
  giveUpOpening(): number {
    this.#window.shorten()
    return this.bytes
  }

  /**
   * The media playlist as it is now, whose segments lie in a folder next to it: waits for the first segment. Null when
   * none comes in time, the output closes, or `left` aborts.
   */
  async playlist(folder: string, left: AbortSignal): Promise<string | null> {
    if (!(await this.#isReady(left))) return null
    const { targetSeconds } = this
    return this.#state === "closed" || targetSeconds === null
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
    if (this.#catchingUp !== null) clearTimeout(this.#catchingUp)
    this.source.unsubscribe(this.#segmenter)
    this.#options.budget?.remove(this)
    this.#first.resolve()
    this.#end.resolve()
  }

  #take({ first90kHz, ...made }: MadeSegment, targetSeconds: number): void {
    if (this.#state === "closed") return
    const segment = { ...made, startsAt: this.#timeline.dateOf(first90kHz, made.startsAt) }
    if (this.#state === "waiting") this.#goOnFrom(segment)
    this.#probe.push(segment.data)
    this.#peakBandwidth = Math.max(this.#peakBandwidth, (segment.data.length * 8) / segment.seconds)
    this.#sum.bytes += segment.data.length
    this.#sum.seconds += segment.seconds
    this.#window.push(segment, targetSeconds)
    this.#draftBytes = segment.data.length
    this.#options.budget?.report(this, this.bytes)
    const endsAt = segment.startsAt + segment.seconds * 1000
    const isLate = endsAt < this.#timeline.endsAt - togetherMilliseconds
    this.#timeline.noteSegment(this.#window.newestDiscontinuity, endsAt)
    if (this.#state === "live" || !isLate) this.#beLive()
    else {
      this.#state = "late"
      this.#catchingUp ??= setTimeout(() => this.#beLive(), catchingUpMilliseconds)
    }
  }

  #beLive(): void {
    if (this.#catchingUp !== null) clearTimeout(this.#catchingUp)
    this.#catchingUp = null
    this.#state = "live"
    this.#first.resolve()
  }

  /**
   * Numbers its segments as if they had been made all the time: by numbers hls.js tells how much later they are. What
   * comes from the stream's past is numbered as it was when it was made before. The first of all has the second in which
   * it starts for its number: players who come from another streamer, where it began earlier, wait for none that they
   * have passed.
   */
  #goOnFrom({ startsAt }: Segment): void {
    const { before } = this.#options
    if (before === null || before === undefined) {
      this.#window.beginAt(Math.floor(startsAt / 1000))
      return
    }
    const missed = Math.round((startsAt - before.endsAt) / 1000 / before.targetSeconds)
    this.#window.beginAt(
      before.sequence + (before.timeline === this.#timeline ? missed : Math.max(0, missed)),
    )
  }

  async #isReady(left: AbortSignal): Promise<boolean> {
    if (this.#state === "live" || this.#state === "closed") return this.#state === "live"
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
