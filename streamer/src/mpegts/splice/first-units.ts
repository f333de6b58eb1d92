import { isScrambled, packetBytes, pidOf, startsUnit } from "../packet.ts"
import { readTimes } from "../pes-times.ts"
import { type ElementaryStream, leadOf } from "../programme.ts"
import type { FirstUnit } from "./output-clock.ts"
import type { PidMap } from "./output-pids.ts"

// A second of 8 Mbit/s: every stream but subtitles has begun by then.
const lookAheadPackets = 5000

/** The first unit's time of each stream of a feed, its lead's first packet being the first one here. */
export function firstUnits(
  packets: Buffer,
  streams: readonly ElementaryStream[],
  mapped: PidMap,
): { lead: FirstUnit | null; others: FirstUnit[] } {
  const leadPid = leadOf(streams)?.pid
  const missing = new Map(mapped)
  let lead: FirstUnit | null = null
  const others: FirstUnit[] = []
  const end = Math.min(packets.length, lookAheadPackets * packetBytes)
  for (let at = 0; at < end && missing.size > 0; at += packetBytes) {
    const outPid = startsUnit(packets, at) ? missing.get(pidOf(packets, at)) : undefined
    if (outPid === undefined) continue
    missing.delete(pidOf(packets, at))
    const times = isScrambled(packets, at) ? null : readTimes(packets, at)
    if (times === null) continue
    if (pidOf(packets, at) === leadPid) lead = { pid: outPid, ...times }
    else others.push({ pid: outPid, ...times })
  }
  return { lead, others }
}
