import { createStreamChecker, type StreamReport } from "../check-stream.ts"
import { isRandomAccess, startsUnit } from "../packet.ts"
import { join, type Packets, packetsOf, payloadIndexes } from "./break-packets.ts"
import { makeStream } from "./make-stream.ts"

/** Where ffmpeg's muxer puts the first two streams. */
export const VIDEO_PID = 0x100
export const AUDIO_PID = 0x101

/** Judges a whole stream that arrives at one moment. */
export function check(stream: Buffer, chunkBytes = stream.length): StreamReport {
  const checker = createStreamChecker({ now: () => 0 })
  for (let at = 0; at < stream.length; at += chunkBytes) checker.feed(stream.subarray(at, at + chunkBytes), 0)
  checker.end(0)
  return checker.report()
}

export const checkPackets = (packets: Packets): StreamReport => check(join(packets))

/** The n-th of some items, which must exist. */
export function nth<Item>(items: readonly Item[], n: number): Item {
  const item = items.at(n)
  if (item === undefined) throw new Error(`There are only ${items.length}, no number ${n}`)
  return item
}

/** A good stream of H.264 and AAC, with where its parts stand. */
export async function makeSubject() {
  const packets = packetsOf(await makeStream("h264"))
  const video = payloadIndexes(packets, VIDEO_PID)
  return {
    packets,
    good: checkPackets(packets),
    /** Packets with video, with audio; those that begin a frame; those that begin a keyframe. */
    video,
    audio: payloadIndexes(packets, AUDIO_PID),
    frames: video.filter((index) => startsUnit(nth(packets, index))),
    keyframes: video.filter((index) => isRandomAccess(nth(packets, index))),
  }
}

/** What a report says of a stream without faults. */
export const CLEAN = {
  aligned: true,
  syncLosses: 0,
  skippedBytes: 0,
  partialPacketBytes: 0,
  tablesFirst: true,
  ccErrors: 0,
  ccErrorsByPid: {},
  ccRepeatErrors: 0,
  duplicatePackets: 0,
  discontinuities: 0,
  pcrJumps: 0,
  ptsJumps: 0,
  audioPtsJumps: 0,
  dtsBackwards: 0,
  tei: 0,
  scrambled: 0,
  nullPackets: 0,
  orphanPackets: 0,
  malformedPes: 0,
  tableCrcErrors: 0,
  pmtChanges: 0,
  splicesOffKeyframe: 0,
  programmes: 1,
}
