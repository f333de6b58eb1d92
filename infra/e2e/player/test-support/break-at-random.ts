import { hasPcr, isRandomAccess, PACKET_BYTES, SYNC_BYTE, startsUnit } from "../packet.ts"
import {
  breakSync,
  delay,
  drop,
  garbage,
  indexesOf,
  insert,
  join,
  markError,
  markScrambled,
  nullPacket,
  type Packets,
  repeat,
} from "./break-packets.ts"
import type { SeededRandom } from "./seeded-random.ts"
import { shiftTimes } from "./shift-times.ts"

/**
 * Packets around which 0x47 stands only where packets start. After a loss of sync, where a search goes on
 * with new bytes depends on how they arrive; here, every way of searching finds the same next packet.
 */
export function quietIndexes(packets: Packets): number[] {
  const quiet = packets.map((packet) => packet.indexOf(SYNC_BYTE, 1) === -1)
  return indexesOf(packets, () => true).filter((index) =>
    [-1, 0, 1, 2].every((offset) => quiet[index + offset] === true),
  )
}

type Fault = (packets: Packets, random: SeededRandom) => Packets | null

const anywhere = (packets: Packets, random: SeededRandom) => random.between(3, packets.length - 8)

function shift(packets: Packets, random: SeededRandom): Packets {
  const from = random.pick(indexesOf(packets, (packet) => hasPcr(packet) && startsUnit(packet)))
  const ticks90kHz = random.pick([-900_000, -270_000, -45_000, 45_000, 270_000, 1_800_000])
  const what = random.pick(["pcr", "timestamps", "both"] as const)
  return shiftTimes(packets, { from, ticks90kHz, what, announced: random.between(0, 1) === 1 })
}

const FAULTS: Readonly<Record<string, Fault>> = {
  "lose packets": (packets, random) => {
    const first = anywhere(packets, random)
    const length = random.between(1, 20)
    return drop(
      packets,
      Array.from({ length }, (_, offset) => first + offset),
    )
  },
  "lose the start": (packets, random) => packets.slice(random.between(1, Math.min(200, packets.length / 2))),
  "lose the end": (packets, random) => packets.slice(0, random.between(packets.length / 2, packets.length)),
  // A copied keyframe is counted differently, which a test of its own tells.
  repeat: (packets, random) => {
    const index = random.pick(indexesOf(packets, (packet) => !isRandomAccess(packet)))
    return repeat(packets, index, random.between(1, 3))
  },
  reorder: (packets, random) => {
    const index = anywhere(packets, random)
    return delay(packets, index, index + random.between(1, 6))
  },
  pad: (packets, random) => insert(packets, anywhere(packets, random), nullPacket(), nullPacket()),
  "mark an error": (packets, random) => markError(packets, anywhere(packets, random)),
  "mark as scrambled": (packets, random) => markScrambled(packets, anywhere(packets, random)),
  "break a sync byte": (packets, random) => {
    const quiet = quietIndexes(packets)
    return quiet.length === 0 ? null : breakSync(packets, random.pick(quiet))
  },
  "add garbage": (packets, random) => {
    const quiet = quietIndexes(packets)
    return quiet.length === 0 ? null : insert(packets, random.pick(quiet), garbage(random.between(1, 700)))
  },
  shift,
}

/** Breaks a stream in one to four ways; `story` tells which. */
export function breakAtRandom(packets: Packets, random: SeededRandom): { stream: Buffer; story: string } {
  let broken = packets
  const story: string[] = []
  for (let count = random.between(1, 4); count > 0; count--) {
    const [name, fault] = random.pick(Object.entries(FAULTS))
    const next = fault(broken, random)
    if (next === null) continue
    broken = next
    story.push(name)
  }
  const cut = random.between(0, 3) === 0 ? random.between(1, PACKET_BYTES - 1) : 0
  const stream = join(broken)
  return { stream: stream.subarray(0, stream.length - cut), story: `${story.join(", ")}, cut by ${cut}` }
}
