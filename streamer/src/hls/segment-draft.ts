import { ticksBetween, ticksPerSecond, wrapTicks } from "../mpegts/clock.ts"

/** Where a picture of the leading stream begins, or a unit of its sound. */
export interface Unit {
  /** Position of its first packet. */
  at: number
  /** Where the tables straight before it begin; `at` when there are none. */
  tablesFrom: number
  /** Null where the stream does not tell. */
  dts90kHz: number | null
}

export interface DraftStart {
  /** Position of its first packet. */
  from: number
  /** Where the tables straight before it begin: used when there is no head. */
  tablesFrom: number
  /** PAT and PMT that stand before its packets; null when they are among them. */
  head: Buffer | null
  start90kHz: number | null
  /** Unix milliseconds. */
  openedAt: number
  isDiscontinuous: boolean
  /** Its first unit is yet to come, and belongs to its beginning. */
  awaitsUnit: boolean
}

// Of a stream that has shown one unit: a frame of 25 per second.
const usualStepSeconds = 0.04
const longestStepSeconds = 1

/** The segment that is being made, and how long it is. */
export class SegmentDraft {
  readonly #start: DraftStart
  #head: Buffer | null
  #start90kHz: number | null
  #awaitsUnit: boolean
  #first: Unit | null = null
  #last: Unit | null = null
  /** Position of the unit that it begins with; null when it begins within one. */
  #beginsAt: number | null = null
  #stepSeconds: number | null = null
  startsAtKeyframe = false

  constructor(start: DraftStart) {
    this.#start = start
    this.#head = start.head
    this.#start90kHz = start.start90kHz
    this.#awaitsUnit = start.awaitsUnit
  }

  get awaitsUnit(): boolean {
    return this.#awaitsUnit
  }

  get isDiscontinuous(): boolean {
    return this.#start.isDiscontinuous
  }

  get openedAt(): number {
    return this.#start.openedAt
  }

  get start90kHz(): number | null {
    return this.#start90kHz
  }

  get head(): Buffer | null {
    return this.#head
  }

  /** Position of its first packet behind the head. */
  get from(): number {
    return this.#head === null ? this.#start.tablesFrom : this.#start.from
  }

  /** When its first unit is decoded: not always where it begins, which may have been made up for the one before it. */
  get first90kHz(): number | null {
    return this.#first?.dts90kHz ?? null
  }

  get last(): Unit | null {
    return this.#last
  }

  /** A unit belongs to it. */
  take(unit: Unit): void {
    const step = this.#last === null ? 0 : secondsBetween(this.#last.dts90kHz, unit.dts90kHz)
    if (step !== null && step > 0) this.#stepSeconds = Math.min(step, longestStepSeconds)
    this.#start90kHz ??= unit.dts90kHz
    if (this.#awaitsUnit || unit.at === this.#start.from) this.#beginsAt = unit.at
    this.#awaitsUnit = false
    this.#first ??= unit
    this.#last = unit
  }

  beginsWith({ at }: Unit): boolean {
    return this.#beginsAt === at
  }

  /** Its first unit is a keyframe, whose tables stand before its packets. */
  beginAtKeyframe(tables: Buffer): void {
    this.#head = tables
    this.startsAtKeyframe = true
  }

  /** How long it is when it ends where this unit begins; by the clock on the wall where the stream has no times. */
  secondsTo({ dts90kHz }: Unit, nowMs: number): number {
    return secondsBetween(this.#start90kHz, dts90kHz) ?? (nowMs - this.openedAt) / 1000
  }

  /** How long it is when nothing more comes. */
  secondsToEnd(nowMs: number): number {
    if (this.#last === null) return 0
    const isTimed = this.#start90kHz !== null && this.#last.dts90kHz !== null
    return this.secondsTo(this.#last, nowMs) + (isTimed ? this.stepSeconds : 0)
  }

  /** How long one unit lasts. */
  get stepSeconds(): number {
    return this.#stepSeconds ?? usualStepSeconds
  }

  /** Where it ends when it is made to last so long. */
  endAfter(seconds: number): number | null {
    if (this.#start90kHz === null) return null
    return wrapTicks(this.#start90kHz + Math.round(seconds * ticksPerSecond))
  }
}

/** Null when one of them is not known. */
export function secondsBetween(from90kHz: number | null, to90kHz: number | null): number | null {
  if (from90kHz === null || to90kHz === null) return null
  return ticksBetween(from90kHz, to90kHz) / ticksPerSecond
}
