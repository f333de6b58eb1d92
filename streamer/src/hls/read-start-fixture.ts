import { packetBytes, pidOf, startsUnit } from "../mpegts/packet.ts"
import { readDts } from "../mpegts/pes-times.ts"
import { leadOf } from "../mpegts/programme.ts"
import { ProgrammeFollower } from "../mpegts/splice/programme-follower.ts"

/** When the first picture of a segment is decoded, or the first unit of its sound, in 90 kHz; null where it does not tell. */
export function readStart90kHz(segment: Buffer): number | null {
  const follower = new ProgrammeFollower(segment.subarray(0, packetBytes))
  for (let at = packetBytes; at < segment.length; at += packetBytes) {
    follower.push(segment, at)
    const lead = follower.programme && leadOf(follower.programme.streams)
    if (lead !== null && pidOf(segment, at) === lead.pid && startsUnit(segment, at))
      return readDts(segment, at)
  }
  return null
}
