import { createStreamChecker } from "../../../infra/e2e/player/check-stream.ts"
import { join, type Packets, packetsOf } from "../../../infra/e2e/player/test-support/break-packets.ts"
import {
  buildPat,
  buildPmt,
  packetise,
  pesPacket,
} from "../../../infra/e2e/player/test-support/build-tables.ts"
import { canEncodeHevc, type Kind, makeStream } from "../../../infra/e2e/player/test-support/make-stream.ts"
import type { Opening } from "./join-buffer.ts"
import { packetBytes } from "./packet.ts"

export const plenty = 64 * 1024 * 1024
const hevc = await canEncodeHevc()
export const kinds = (["h264", "mpeg2", "audio", "hevc"] as const).filter((kind) => kind !== "hevc" || hevc)
export const streams = Object.fromEntries(
  await Promise.all(kinds.map(async (kind) => [kind, packetsOf(await makeStream(kind))] as const)),
) as Record<Kind, Packets>

export const bytesOf = (opening: Opening) => Buffer.concat([opening.tables, ...opening.chunks])

/** Judges a start, and how the stream goes on from there. */
export function judge(start: Buffer, rest: Packets) {
  const checker = createStreamChecker({ now: () => 0 })
  checker.feed(start, 0)
  checker.feed(join(rest), 0)
  checker.end(0)
  return checker.report()
}

// A stream made by hand, so that each picture's size and the moment of its decision are known.
const videoPid = 0x100
export const key = [0, 0, 1, 0x65, 0x88]
export const slice = [0, 0, 1, 0x41, 0x88]
export const delimiter = [0, 0, 1, 0x09, 0xf0]

export function handMade() {
  let counter = 0
  const next = () => counter++ & 0x0f
  return {
    tables: [
      ...packetise(0, 0, buildPat([{ programme: 1, pmtPid: 0x1000 }])),
      ...packetise(
        0x1000,
        0,
        buildPmt({ programme: 1, pcrPid: videoPid, streams: [{ pid: videoPid, streamType: 27 }] }),
      ),
    ],
    start: (data: readonly number[]) => pesPacket(videoPid, next(), { dts90kHz: 0, data }),
    more(count: number, data: readonly number[] = []): Buffer[] {
      return Array.from({ length: count }, () => {
        const packet = Buffer.alloc(packetBytes, 0xff)
        packet.set([0x47, videoPid >> 8, videoPid & 0xff, 0x10 | next(), ...data])
        return packet
      })
    },
  }
}
