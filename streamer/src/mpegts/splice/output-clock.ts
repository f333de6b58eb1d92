import { ticksBetween, ticksPerMs, ticksPerSecond, wrapTicks } from "../clock.ts"
import type { UnitTimes } from "../pes-times.ts"

/** How the next feed follows on the last one: in the viewers' time, or in the media's own. */
export type Following = "wall" | "media"

export type UnitKind = "video" | "audio" | "other"

export interface UnitStart extends UnitTimes {
  kind: UnitKind
  /** 0 when not known. */
  bytes: number
}

/** The newest unit of a PID. */
interface Unit extends UnitStart {
  /** The latest time at which any unit up to this one is presented: pictures are sent out of that order. */
  shown90kHz: number
  /** How long it probably lasts. */
  length90kHz: number
  atMs: number
}

export interface FirstUnit extends UnitTimes {
  /** Its PID in the output. */
  pid: number
}

/** Where a feed's own clock stands at its beginning; null for what is not known. */
export interface FeedTimes {
  pcr90kHz: number | null
  /** The stream that decides, and its first unit's time. */
  lead: FirstUnit | null
  /** First units of others, as far as they can be seen yet. */
  others: readonly FirstUnit[]
}

const frame90kHz = 3600
// Farther apart, a PCR and a decoding time (or two decoding times) are not on the same clock. Buffers hold
// one second (ISO 13818-1 2.4.2.6), HLS segments and slow multiplexers some more.
const sameClock90kHz = 10 * ticksPerSecond
// Less than a sound's frame, so that no frame is sent twice: players count frames from the unit's time.
const overlap90kHz = 10 * ticksPerMs
// A feed is put off by at most this for the sake of sound that would overlap.
const maxDelay90kHz = ticksPerSecond / 2

/** Where the output's clock and its streams stand, and which shift makes the next feed go on from there. */
export class OutputClock {
  #pcr: { base90kHz: number; atMs: number } | null = null
  readonly #units = new Map<number, Unit>()
  /** The PID by which the last feed was started. */
  #leadPid = -1

  notePcr(base90kHz: number, atMs: number): void {
    this.#pcr = { base90kHz, atMs }
  }

  noteLead(pid: number): void {
    this.#leadPid = pid
  }

  noteUnit(pid: number, start: UnitStart, atMs: number): void {
    const last = this.#units.get(pid)
    const step = last === undefined ? 0 : ticksBetween(last.dts90kHz, start.dts90kHz)
    // The highest counts, unless the feed's own clock has jumped.
    if (last !== undefined && step <= 0 && step > -sameClock90kHz) return
    const length90kHz =
      last !== undefined && step > 0 && step <= ticksPerSecond ? lengthOf(step, last, start) : 0
    const isSameClock = last !== undefined && Math.abs(step) <= sameClock90kHz
    const shown90kHz = isSameClock ? later(last.shown90kHz, presentedAt(start)) : presentedAt(start)
    this.#units.set(pid, { ...start, shown90kHz, length90kHz, atMs })
  }

  /** A unit with this time, already shifted, can follow what was sent on the PID. */
  canFollow(pid: number, dts90kHz: number): boolean {
    const unit = this.#units.get(pid)
    if (unit === undefined) return true
    const step = ticksBetween(endOf(unit) - overlap90kHz, dts90kHz)
    // A stream that far behind is on a clock of its own, and would never catch up.
    return step >= 0 || step < -sameClock90kHz
  }

  /** What to add to every time of a feed that begins now. */
  shiftFor(following: Following, times: FeedTimes, nowMs: number): number {
    const before = this.#reference()
    const feed = withoutStrayPcr(times)
    const start = this.#firstGuess(following, before, feed, nowMs)
    const afterDecoded = start + shortfall(before.lead?.end90kHz, feed.lead?.dts90kHz, start)
    const shownEnd = before.lead?.kind === "video" ? before.lead.shown90kHz + frame90kHz : undefined
    const afterLead = afterDecoded + shortfall(shownEnd, feed.lead && presentedAt(feed.lead), afterDecoded)
    // 1: the time goes on, however little.
    const afterPcr = afterLead + shortfall(add(before.pcr?.base90kHz, 1), feed.pcr90kHz, afterLead)
    const delays = feed.others.map(({ pid, dts90kHz }) => {
      const unit = this.#units.get(pid)
      return unit === undefined ? 0 : shortfall(endOf(unit) - overlap90kHz, dts90kHz, afterPcr)
    })
    return wrapTicks(afterPcr + Math.max(0, ...delays.filter((delay) => delay <= maxDelay90kHz)))
  }

  #reference(): Reference {
    const unit = this.#units.get(this.#leadPid) ?? null
    const lead = unit === null ? null : { ...unit, end90kHz: endOf(unit) }
    const isStray = lead !== null && this.#pcr !== null && !sameClock(this.#pcr.base90kHz, lead.dts90kHz)
    return { lead, pcr: isStray ? null : this.#pcr }
  }

  #firstGuess(following: Following, { lead, pcr }: Reference, feed: FeedTimes, nowMs: number): number {
    if (following === "media" && lead !== null && feed.lead !== null)
      return lead.end90kHz - feed.lead.dts90kHz
    const passed = (atMs: number) =>
      following === "media" ? 0 : Math.max(0, Math.round((nowMs - atMs) * ticksPerMs))
    if (pcr !== null && feed.pcr90kHz !== null) return pcr.base90kHz + passed(pcr.atMs) - feed.pcr90kHz
    if (lead !== null && feed.lead !== null) return lead.dts90kHz + passed(lead.atMs) - feed.lead.dts90kHz
    return 0
  }
}

interface Reference {
  lead: (Unit & { end90kHz: number }) | null
  pcr: { base90kHz: number; atMs: number } | null
}

/** The last one lasted one step; this one, longer or shorter as it has more bytes or fewer. */
function lengthOf(step90kHz: number, last: UnitStart, start: UnitStart): number {
  const ratio = last.bytes > 0 && start.bytes > 0 ? start.bytes / last.bytes : 1
  return Math.round(step90kHz * Math.min(ratio, 2))
}

/** The first time at which the next unit may come. */
function endOf({ dts90kHz, length90kHz, kind }: Unit): number {
  switch (kind) {
    case "video":
      return dts90kHz + frame90kHz
    case "audio":
      return dts90kHz + Math.max(1, length90kHz)
    case "other":
      return dts90kHz + 1
  }
}

const add = (value: number | undefined, more: number) => (value === undefined ? undefined : value + more)

const later = (one90kHz: number, other90kHz: number) =>
  ticksBetween(one90kHz, other90kHz) > 0 ? other90kHz : one90kHz

/** PTS, unless it has nothing to do with DTS. */
const presentedAt = ({ pts90kHz, dts90kHz }: UnitTimes) =>
  sameClock(pts90kHz, dts90kHz) ? pts90kHz : dts90kHz

const sameClock = (one90kHz: number, other90kHz: number) =>
  Math.abs(ticksBetween(one90kHz, other90kHz)) <= sameClock90kHz

function withoutStrayPcr(times: FeedTimes): FeedTimes {
  const { pcr90kHz, lead } = times
  const isStray = pcr90kHz !== null && lead !== null && !sameClock(pcr90kHz, lead.dts90kHz)
  return isStray ? { ...times, pcr90kHz: null } : times
}

/** How much `time`, shifted, would still come before `earliest`. */
function shortfall(earliest: number | undefined, time: number | null | undefined, shift: number): number {
  if (earliest === undefined || time === null || time === undefined) return 0
  return Math.max(0, ticksBetween(time + shift, earliest))
}
