import { createGapMeter } from "./arrival-gap.ts"
import { createContinuityCheck } from "./continuity.ts"
import { createTableFollower } from "./follow-tables.ts"
import {
  announcesDiscontinuity,
  FIRST_FREE_PID,
  hasPcr,
  hasTransportError,
  isRandomAccess,
  isScrambled,
  NULL_PID,
  PACKET_BYTES,
  payloadStart,
  pcr27MHz,
  pidOf,
  startsUnit,
} from "./packet.ts"
import { createPacketSync } from "./packet-sync.ts"
import { readPesHeader } from "./pes-header.ts"
import { createClockCheck } from "./programme-clock.ts"
import { bitsPerSecond, roundMs, type StreamReport } from "./stream-report.ts"
import { isAudio, videoCodec } from "./stream-type.ts"
import { createTimestampCheck } from "./timestamps.ts"
import { createVideoCheck } from "./video-start.ts"

export type { StreamReport } from "./stream-report.ts"

export interface StreamChecker {
  /** Takes the bytes that arrived at `at`, a time of the checker's clock. */
  feed(chunk: Buffer, at: number): void
  /** The stream is over: silence after `at` is none of its gaps. With `silent`, that up to `at` is. */
  end(at: number, options?: { readonly silent: boolean }): void
  report(): StreamReport
}

/**
 * A strict MPEG-TS checker that is fed as bytes arrive and may be asked at any time. `now` is a clock in
 * ms; `startedAt` is when the measurement began, now by default.
 */
export function createStreamChecker(options: {
  readonly now: () => number
  readonly startedAt?: number
}): StreamChecker {
  const { now, startedAt = now() } = options
  const sync = createPacketSync(takePacket)
  const tables = createTableFollower()
  const continuity = createContinuityCheck()
  const clock = createClockCheck()
  const videoTimes = createTimestampCheck()
  const audioTimes = createTimestampCheck()
  const video = createVideoCheck()
  const gap = createGapMeter(startedAt)
  const counts = {
    bytes: 0,
    packets: 0,
    nullPackets: 0,
    tei: 0,
    scrambled: 0,
    orphanPackets: 0,
    malformedPes: 0,
  }
  const startedPids = new Set<number>()
  const unlistedPids = new Set<number>()
  let tablesFirst: boolean | null = null
  let firstAt: number | null = null
  let lastAt = startedAt
  let gapUntil: number | null | "now" = "now"
  let arrivalAt = startedAt
  let usefulPackets = 0
  let videoPid: number | null = null

  function takePacket(packet: Buffer): void {
    counts.packets++
    const pid = pidOf(packet)
    if (hasTransportError(packet)) counts.tei++
    if (pid === NULL_PID) {
      counts.nullPackets++
      return
    }
    usefulPackets++
    if (isScrambled(packet)) counts.scrambled++
    const verdict = continuity.check(packet)
    const announced = announcesDiscontinuity(packet)
    if (hasPcr(packet)) {
      clock.check(pid, pcr27MHz(packet), arrivalAt, { announced, watched: pid === tables.pcrPid() })
    }
    if (announced && pid === videoPid) video.announceSplice()
    const start = payloadStart(packet)
    // A copy's payload came already.
    if (start >= PACKET_BYTES || verdict === "duplicate") return
    const payload = packet.subarray(start)
    if (tables.isTablePid(pid)) takeTable(pid, payload, startsUnit(packet), verdict !== "error")
    else if (pid >= FIRST_FREE_PID) takeElementary(pid, packet, payload)
  }

  function takeTable(pid: number, payload: Buffer, unitStart: boolean, intact: boolean): void {
    const listed = tables.push(pid, payload, unitStart, intact)
    if (listed.some((elementary) => unlistedPids.has(elementary))) tablesFirst = false
    const before = videoPid
    videoPid = tables.videoPid()
    if (before !== null && videoPid !== null && before !== videoPid) video.announceSplice()
  }

  function takeElementary(pid: number, packet: Buffer, payload: Buffer): void {
    const streamType = tables.streamTypeOf(pid)
    if (!tables.complete()) tablesFirst ??= false
    if (streamType === null) {
      unlistedPids.add(pid)
      return
    }
    tablesFirst ??= true
    if (startsUnit(packet)) startUnit(pid, streamType, packet, payload)
    else if (!startedPids.has(pid)) counts.orphanPackets++
    else if (pid === videoPid) video.go(payload, arrivalAt)
  }

  function startUnit(pid: number, streamType: number, packet: Buffer, payload: Buffer): void {
    startedPids.add(pid)
    const header = readPesHeader(payload)
    // Scrambled payload hides its header; the flags of the packet are in clear.
    if (header === null && !isScrambled(packet)) counts.malformedPes++
    const codec = videoCodec(streamType)
    if (pid === videoPid && codec !== null) {
      const dataStart = header?.dataStart ?? null
      video.start(payload, { codec, dataStart, randomAccess: isRandomAccess(packet), at: arrivalAt })
    }
    const dts = header?.dts90kHz ?? null
    if (dts === null) return
    if (pid === videoPid) videoTimes.check(pid, dts, clock.epoch())
    else if (isAudio(streamType)) audioTimes.check(pid, dts, clock.epoch())
  }

  function feed(chunk: Buffer, at: number): void {
    if (chunk.length === 0) return
    firstAt ??= at
    lastAt = at
    arrivalAt = at
    counts.bytes += chunk.length
    const before = usefulPackets
    sync.feed(chunk)
    if (usefulPackets > before) gap.arrive(at)
  }

  function report(): StreamReport {
    const { firstKeyframeAt, ...videoState } = video.state()
    const { maxGapMs, maxGapAtMs } = gap.state(gapUntil === "now" ? now() : gapUntil)
    const { pcrLeadMs, maxPcrLeadMs, maxPcrLagMs, ...clockState } = clock.state()
    return {
      ...counts,
      ...sync.state(),
      ...continuity.state(),
      ...tables.state(),
      ...videoState,
      ...clockState,
      tablesFirst,
      videoPid,
      firstByteMs: firstAt === null ? null : roundMs(firstAt - startedAt),
      keyframeMs: firstKeyframeAt === null ? null : roundMs(firstKeyframeAt - startedAt),
      ptsJumps: videoTimes.state().jumps,
      unannouncedPtsJumps: videoTimes.state().unannouncedJumps,
      dtsBackwards: videoTimes.state().backwards,
      audioPtsJumps: audioTimes.state().jumps,
      unannouncedAudioPtsJumps: audioTimes.state().unannouncedJumps,
      pcrLeadMs: pcrLeadMs === null ? null : roundMs(pcrLeadMs),
      maxPcrLeadMs: roundMs(maxPcrLeadMs),
      maxPcrLagMs: roundMs(maxPcrLagMs),
      maxGapMs: roundMs(maxGapMs),
      maxGapAtMs: maxGapAtMs === null ? null : roundMs(maxGapAtMs),
      mediaBitsPerSecond: bitsPerSecond(counts.bytes, clockState.mediaSeconds),
      arrivalBitsPerSecond: firstAt === null ? null : bitsPerSecond(counts.bytes, (lastAt - firstAt) / 1000),
    }
  }

  return {
    feed,
    report,
    end(at, { silent } = { silent: false }) {
      if (gapUntil === "now") gapUntil = silent ? at : null
    },
  }
}
