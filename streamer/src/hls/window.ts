import type { Logger } from "@tributary/shared/log/log"
import type { Segment } from "./segment.ts"

export interface ListedSegment {
  sequence: number
  seconds: number
  isDiscontinuous: boolean
  startsAt: number
}

export interface SegmentWindowOptions {
  /** Of all segments, those that are not listed any more included (`BUFFER_SIZE_PER_STREAM`). */
  maxBytes: number
  /** Of the first segment, and of the discontinuity that it belongs to. */
  firstSequence: number
  firstDiscontinuity: number
  logger: Logger
}

// A joiner starts three behind the newest, and whoever stumbled may be as much later.
const wantedSegments = 6
// RFC 8216 6.2.2: no segment is removed when less than this would be left.
const keptTargets = 3

interface Kept extends Segment {
  sequence: number
}

/** The newest segments of a stream: those that are listed, and those that players may still ask for. */
export class SegmentWindow {
  readonly #options: SegmentWindowOptions
  readonly #kept: Kept[] = []
  /** The oldest that is listed. */
  #mediaSequence: number
  #discontinuitySequence: number
  #nextSequence: number
  #targetSeconds = 0
  #bytes = 0
  /** Segments had to go too early: the list is as short as it may be from now on. */
  #isPressed = false
  #isTooSmall = false

  constructor(options: SegmentWindowOptions) {
    this.#options = options
    this.#mediaSequence = this.#nextSequence = options.firstSequence
    this.#discontinuitySequence = options.firstDiscontinuity
  }

  get mediaSequence(): number {
    return this.#mediaSequence
  }

  /** How many discontinuities were removed from the list (RFC 8216 4.3.3.3), from the first one's number on. */
  get discontinuitySequence(): number {
    return this.#discontinuitySequence
  }

  /** The number of the newest segment's discontinuity. */
  get newestDiscontinuity(): number {
    return this.#discontinuitySequence + this.#listed.filter(({ isDiscontinuous }) => isDiscontinuous).length
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The first segment gets this number; to be called before there is any. */
  beginAt(sequence: number): void {
    if (this.#kept.length === 0) this.#mediaSequence = this.#nextSequence = sequence
  }

  get listed(): readonly ListedSegment[] {
    return this.#listed
  }

  get #listed(): readonly Kept[] {
    return this.#kept.slice(this.#kept.length - (this.#nextSequence - this.#mediaSequence))
  }

  /** Null when there is none of this number, or none any more. */
  segment(sequence: number): Buffer | null {
    const oldest = this.#kept[0]
    return oldest === undefined ? null : (this.#kept[sequence - oldest.sequence]?.data ?? null)
  }

  push(segment: Segment, targetSeconds: number): void {
    this.#targetSeconds = targetSeconds
    this.#kept.push({ ...segment, sequence: this.#nextSequence++ })
    this.#bytes += segment.data.length
    while (this.#canUnlist()) this.#unlist()
    while (this.#isOver()) this.#forgetOldest()
    while (this.#bytes > this.#options.maxBytes && this.#kept.length > 1) this.#forgetEarly()
  }

  /** Forgets what is not listed any more: players who are late go on with the list. */
  forgetUnlisted(): void {
    while ((this.#kept[0]?.sequence ?? this.#mediaSequence) < this.#mediaSequence) this.#forgetOldest()
  }

  /** Lists no more than must be; what is as short already loses one segment, but not its last. */
  shorten(): void {
    const { length } = this.#kept
    while (this.#mayUnlist()) this.#unlist()
    this.forgetUnlisted()
    if (this.#kept.length === length && length > 1) this.#forgetEarly()
  }

  #canUnlist(): boolean {
    return (this.#isPressed || this.#nextSequence - this.#mediaSequence > wantedSegments) && this.#mayUnlist()
  }

  #mayUnlist(): boolean {
    const [oldest, ...others] = this.#listed
    return oldest !== undefined && sumOf(others) >= keptTargets * this.#targetSeconds
  }

  #unlist(): void {
    const [oldest] = this.#listed
    this.#mediaSequence++
    if (oldest?.isDiscontinuous) this.#discontinuitySequence++
  }

  /** Whether the oldest was removed from the list for its own duration and that of the list (RFC 8216 6.2.2). */
  #isOver(): boolean {
    const [oldest, ...others] = this.#kept
    if (oldest === undefined || oldest.sequence >= this.#mediaSequence) return false
    const since = sumOf(others.slice(-(this.#nextSequence - this.#mediaSequence)))
    return sumOf(others) - since > oldest.seconds + since
  }

  #forgetEarly(): void {
    const oldest = this.#kept[0]
    this.#isPressed = true
    if (oldest !== undefined && oldest.sequence >= this.#mediaSequence) {
      this.#unlist()
      if (sumOf(this.#listed) < keptTargets * this.#targetSeconds) this.#warn()
    }
    this.#forgetOldest()
  }

  #forgetOldest(): void {
    this.#bytes -= this.#kept.shift()?.data.length ?? 0
  }

  #warn(): void {
    if (this.#isTooSmall) return
    this.#isTooSmall = true
    const { logger, maxBytes } = this.#options
    logger.warn(
      "a stream has more bytes than HLS may keep of it: players may stall (BUFFER_SIZE_PER_STREAM, MAX_BUFFER_SIZE)",
      {
        maxBytes,
      },
    )
  }
}

const sumOf = (segments: readonly { seconds: number }[]) =>
  segments.reduce((sum, { seconds }) => sum + seconds, 0)
