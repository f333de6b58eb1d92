import type { Frame } from "../fan-out/frame.ts"
import type { Subscriber, SubscriberState } from "../fan-out/subscriber.ts"
import { type JoinPoint, JoinPointFinder } from "../mpegts/join-points.ts"
import { byte, counterOf, hasAdaptation, nullPid, packetBytes, pidOf, startsUnit } from "../mpegts/packet.ts"
import { readDts } from "../mpegts/pes-times.ts"
import { HeldPackets } from "./held-packets.ts"
import { ProgrammeTables } from "./programme-tables.ts"
import { type MadeSegment, wantedSeconds } from "./segment.ts"
import { type DraftStart, SegmentDraft, secondsBetween, type Unit } from "./segment-draft.ts"
import { type CutReason, TargetDuration } from "./target-duration.ts"
import { wholeUnits } from "./torn-units.ts"

export interface SegmenterOptions {
  /** A segment is done; all have the same target duration, and none is longer when rounded. */
  onSegment: (segment: MadeSegment, targetSeconds: number) => void
  /** No more packets come. */
  onEnd: () => void
  /** A segment is cut before it has more bytes. */
  maxSegmentBytes: number
  /** Unix milliseconds. */
  now: () => number
}

// Whatever decoding times do within a stream: beyond this its clock was set anew.
const longestStepBackSeconds = 1
const longestGapSeconds = 10
// Other streams may come so much earlier than the pictures that belong to them.
const interleavingSeconds = 1

/**
 * Cuts a stream into segments at keyframes, as it comes. It copies what it needs, so that it is never behind and is
 * never moved. A seam of the stream, at which the splicer announces a discontinuity, and a change of its streams begin
 * a segment; so does, where no keyframe comes in time, any picture.
 */
export class Segmenter implements Subscriber {
  readonly #options: SegmenterOptions
  readonly #finder = new JoinPointFinder()
  readonly #target = new TargetDuration()
  readonly #held = new HeldPackets()
  /** Of the newest join point. */
  #tables: ProgrammeTables | null = null
  readonly #tableCounters = new Map<number, number>()
  /** Where the tables straight before the next packet begin. */
  #tablesFrom: number | null = null
  #draft: SegmentDraft | null = null
  #keyframe90kHz: number | null = null
  /** Which time on the wall belongs to which of the stream. */
  #anchor: { dts90kHz: number; atMs: number } | null = null
  state: SubscriberState = "waiting"
  readonly backlogBytes = 0
  /** To viewers: whoever hands them segments counts it. */
  bytesSent = 0
  moves = 0

  constructor(options: SegmenterOptions) {
    this.#options = options
  }

  get targetSeconds(): number | null {
    return this.#target.seconds
  }

  start(opening: readonly Frame[]): void {
    this.state = "playing"
    for (const frame of opening) this.write(frame)
    // What was held for joiners is older than it looks: its last picture came just now.
    this.#anchorAt(this.#draft?.last ?? null)
  }

  write({ plain }: Frame): void {
    if (this.state === "playing") this.#push(withoutNulls(plain))
  }

  /** Never called, as there is no backlog; the jump that would follow is a seam like any other. */
  move(): void {
    this.moves++
    this.state = "moved"
  }

  close(): void {
    if (this.state === "ended") return
    this.state = "ended"
    const { now, onEnd } = this.#options
    if (this.#draft !== null)
      this.#finish(this.#draft, this.#held.to, this.#draft.secondsToEnd(now()), "change")
    this.#draft = null
    onEnd()
  }

  #push(packets: Buffer): void {
    if (packets.length === 0) return
    const base = this.#held.to
    const points = new Map(this.#finder.push(packets).map((point) => [base + point.offset, point]))
    this.#held.push(packets)
    for (const [position, point] of points) if (position < base) this.#decideLate(position, point)
    for (let at = 0; at < packets.length; at += packetBytes)
      this.#takePacket(packets, at, base + at, points.get(base + at) ?? null)
    this.#held.dropBefore(this.#draft?.from ?? this.#held.to)
  }

  /** What the newest unit is was told only by packets behind its first. */
  #decideLate(position: number, point: JoinPoint): void {
    const unit = this.#draft?.last
    if (unit?.at === position) this.#takeJoinPoint(unit, point)
  }

  #takePacket(packets: Buffer, at: number, position: number, point: JoinPoint | null): void {
    const pid = pidOf(packets, at)
    if (this.#tables?.isTable(pid)) {
      this.#tablesFrom ??= position
      this.#tableCounters.set(pid, counterOf(packets, at))
      return
    }
    const tablesFrom = this.#tablesFrom ?? position
    if (announcesJump(packets, at) && this.#tables?.isStream(pid))
      this.#takeSeam(position, tablesFrom, "torn")
    if (startsUnit(packets, at)) {
      const unit: Unit = { at: position, tablesFrom, dts90kHz: readDts(packets, at) }
      if (point !== null || pid === this.#tables?.leadPid) this.#takeUnit(unit, point)
      else if (this.#tables?.isStream(pid)) this.#takeOther(unit)
    }
    this.#tablesFrom = null
  }

  #takeUnit(unit: Unit, point: JoinPoint | null): void {
    if (this.#draft === null && point === null) return
    if (this.#draft === null) this.#begin(unit, { isDiscontinuous: false, awaitsUnit: true })
    else if (this.#isJump(unit)) this.#takeSeam(unit.at, unit.tablesFrom, "whole")
    else if (point === null && this.#isFull(this.#draft, unit))
      this.#cut(unit, this.#draft.secondsTo(unit, this.#options.now()), "length")
    const isFirst = this.#draft?.isDiscontinuous === true && this.#draft.last === null
    if (isFirst || this.#anchor === null) this.#anchorAt(unit)
    this.#draft?.take(unit)
    if (point !== null) this.#takeJoinPoint(unit, point)
  }

  /** The draft's newest unit is a place where players can begin. */
  #takeJoinPoint(unit: Unit, point: JoinPoint): void {
    const draft = this.#draft
    if (draft === null) return
    const before = this.#tables
    this.#tables = new ProgrammeTables(point.tables)
    const isChanged = before !== null && before.identity !== this.#tables.identity
    const gap = secondsBetween(this.#keyframe90kHz, unit.dts90kHz)
    this.#keyframe90kHz = unit.dts90kHz
    if (draft.beginsWith(unit)) {
      draft.beginAtKeyframe(point.tables)
      return
    }
    if (gap !== null) this.#target.noteKeyframe(gap)
    const seconds = draft.secondsTo(unit, this.#options.now())
    // One that had to begin without a keyframe ends as soon as there is one.
    const isShort = seconds < wantedSeconds && !this.#isLarge(draft, unit)
    if (!isChanged && draft.startsAtKeyframe && isShort) return
    this.#cut(unit, seconds, isChanged ? "change" : "keyframe")
    this.#draft?.take(unit)
    this.#draft?.beginAtKeyframe(point.tables)
  }

  /** A unit of another stream: it tells the time where pictures come rarely. */
  #takeOther(unit: Unit): void {
    if (this.#draft === null) return
    const seconds = secondsBetween(this.#draft.start90kHz, unit.dts90kHz) ?? 0
    const late = this.#target.limitSeconds + interleavingSeconds
    if (seconds > late && seconds < late + longestGapSeconds)
      this.#cut(unit, this.#target.limitSeconds, "length")
  }

  /** What comes from here on does not go on from what came before. */
  #takeSeam(from: number, tablesFrom: number, end: "whole" | "torn"): void {
    if (this.#draft === null || this.#draft.awaitsUnit) return
    if (end === "torn") this.#finishTorn(this.#draft, tablesFrom)
    else this.#finish(this.#draft, tablesFrom, this.#draft.secondsToEnd(this.#options.now()), "change")
    this.#keyframe90kHz = null
    this.#begin({ at: from, tablesFrom, dts90kHz: null }, { isDiscontinuous: true, awaitsUnit: true })
  }

  #isJump(unit: Unit): boolean {
    const step = secondsBetween(this.#draft?.last?.dts90kHz ?? null, unit.dts90kHz)
    return step !== null && (step < -longestStepBackSeconds || step > longestGapSeconds)
  }

  #isFull(draft: SegmentDraft, unit: Unit): boolean {
    if (draft.last === null) return false
    if (this.#isLarge(draft, unit)) return true
    const seconds = draft.secondsTo(unit, this.#options.now())
    return seconds + draft.stepSeconds > this.#target.limitSeconds
  }

  #isLarge({ from }: SegmentDraft, unit: Unit): boolean {
    return unit.at - from > this.#options.maxSegmentBytes
  }

  /** The segment ends where this unit begins, and the next one begins with it. */
  #cut(unit: Unit, wanted: number, reason: CutReason): void {
    const draft = this.#draft
    if (draft === null) return
    const seconds = Math.min(wanted, this.#target.limitSeconds)
    this.#finish(draft, unit.tablesFrom, seconds, reason)
    const start90kHz = seconds < wanted || reason === "length" ? draft.endAfter(seconds) : unit.dts90kHz
    this.#begin(unit, { isDiscontinuous: reason === "change", awaitsUnit: false, start90kHz })
  }

  #begin(
    { at, tablesFrom, dts90kHz }: Unit,
    more: Pick<DraftStart, "isDiscontinuous" | "awaitsUnit"> & { start90kHz?: number | null },
  ): void {
    this.#draft = new SegmentDraft({
      from: at,
      tablesFrom,
      head: at > tablesFrom + packetBytes ? null : (this.#tables?.after(this.#tableCounters) ?? null),
      start90kHz: dts90kHz,
      openedAt: this.#options.now(),
      ...more,
    })
  }

  #finish(draft: SegmentDraft, to: number, seconds: number, reason: CutReason): void {
    this.#give(draft, this.#held.copy(draft.from, to), seconds, reason)
  }

  /** The segment ends where its stream broke off. */
  #finishTorn(draft: SegmentDraft, to: number): void {
    const held = Buffer.concat(this.#held.copy(draft.from, to))
    const { packets, isLeadShorter, isEmpty } = wholeUnits(held, this.#tables)
    const seconds = draft.secondsToEnd(this.#options.now()) - (isLeadShorter ? draft.stepSeconds : 0)
    if (!isEmpty) this.#give(draft, [packets], seconds, "change")
  }

  #give(draft: SegmentDraft, packets: readonly Buffer[], seconds: number, reason: CutReason): void {
    // A seam straight behind another one.
    if (packets.length === 0 || draft.awaitsUnit) return
    const length = Math.min(Math.max(seconds, draft.stepSeconds), this.#target.limitSeconds)
    const target = this.#target.decide(length, reason)
    const segment: MadeSegment = {
      data: Buffer.concat([draft.head ?? Buffer.alloc(0), ...packets]),
      seconds: Math.round(length * 1000) / 1000,
      isDiscontinuous: draft.isDiscontinuous,
      startsAt: this.#wallTimeOf(draft),
      first90kHz: draft.first90kHz,
    }
    this.#options.onSegment(segment, target)
  }

  #anchorAt(unit: Unit | null): void {
    if (unit === null || unit.dts90kHz === null) return
    this.#anchor = { dts90kHz: unit.dts90kHz, atMs: this.#options.now() }
  }

  #wallTimeOf({ start90kHz, openedAt }: SegmentDraft): number {
    const passed = secondsBetween(this.#anchor?.dts90kHz ?? null, start90kHz)
    return this.#anchor === null || passed === null ? openedAt : Math.round(this.#anchor.atMs + passed * 1000)
  }
}

/** A copy, as the memory is used again; null packets are of no use in a file. */
function withoutNulls(packets: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(packets.length)
  let length = 0
  for (let from = 0, at = 0; at <= packets.length; at += packetBytes) {
    if (at < packets.length && pidOf(packets, at) !== nullPid) continue
    length += packets.copy(kept, length, from, at)
    from = at + packetBytes
  }
  return kept.subarray(0, length)
}

/** discontinuity_indicator (ISO 13818-1 2.4.3.5). */
function announcesJump(packets: Buffer, at: number): boolean {
  return hasAdaptation(packets, at) && byte(packets, at + 4) > 0 && (byte(packets, at + 5) & 0x80) !== 0
}
