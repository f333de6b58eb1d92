import { packetise, pesPacket } from "../../../../infra/e2e/player/test-support/build-tables.ts"
import { writePcr } from "../clock.ts"
import { packetBytes } from "../packet.ts"
import { writePat, writePmt } from "./write-table.ts"

/** stream_type and descriptors of a stream on a PID. */
export interface TinyStream {
  pid: number
  type: number
  language?: string
  descriptors?: readonly number[]
}

export interface TinyFeed {
  streams: readonly TinyStream[]
  programme?: number
  pmtPid?: number
  streamId?: number
  pcrPid?: number
  /** Of the first frame, in 90 kHz. */
  dts90kHz?: number
  /** How much later pictures are decoded than their bytes come; sound is as late. */
  lead90kHz?: number
  frames?: number
  /** A keyframe every so many frames. */
  group?: number
  /** What all counters begin with. */
  counter?: number
  version?: number
}

/** Types of streams (stream_type). */
export const h264 = 27
export const hevc = 36
export const aac = 0x0f
export const mp2 = 3
export const privateData = 6

export const frame90kHz = 3600
export const videoTypes: ReadonlySet<number> = new Set([2, 27, 36])
const units: Readonly<Record<number, readonly [key: number, other: number]>> = {
  2: [0xb3, 0x00],
  27: [0x65, 0x41],
  36: [0x26, 0x02],
}

/** A feed made by hand: tables before each keyframe, and two packets for each frame of each stream. */
export function tinyFeed(options: TinyFeed): Buffer[] {
  const { streams, programme = 1, pmtPid = 0x1000, streamId = 1, frames = 10, group = 5 } = options
  const { dts90kHz = 900_000, lead90kHz = 45_000, counter = 0, version = 0 } = options
  const pcrPid = options.pcrPid ?? streams[0]?.pid ?? 0x1fff
  const counters = new Map<number, number>()
  const count = (pid: number) => {
    const next = counters.get(pid) ?? counter
    counters.set(pid, (next + 1) & 0x0f)
    return next
  }
  const table = (pid: number, section: Buffer) =>
    packetise(pid, 0, section).map((packet) => {
      packet[3] = 0x10 | count(pid)
      return packet
    })
  const tables = () => [
    ...table(0, writePat({ id: streamId, version }, { programme, pmtPid })),
    ...table(
      pmtPid,
      writePmt(
        { id: programme, version },
        {
          number: programme,
          pcrPid,
          descriptors: Buffer.alloc(0),
          streams: streams.map((stream) => ({ ...stream, video: null, descriptors: descriptorsOf(stream) })),
        },
      ),
    ),
  ]
  return Array.from({ length: frames }, (_, frame) => {
    const time = dts90kHz + frame * frame90kHz
    const isKey = frame % group === 0
    const clock =
      pcrPid === 0x1fff ? [] : [clockPacket(pcrPid, counters.get(pcrPid) ?? counter, time - lead90kHz)]
    const pictures = streams.flatMap(({ pid, type }) => {
      const [key, other] = units[type] ?? [0x88, 0x88]
      const first = pesPacket(pid, count(pid), {
        dts90kHz: ((time % 2 ** 33) + 2 ** 33) % 2 ** 33,
        data: [0, 0, 1, isKey ? key : other, 0x88, frame],
      })
      return [first, goOn(pid, count(pid), frame)]
    })
    return [...(isKey ? tables() : []), ...clock, ...pictures]
  }).flat()
}

/** An adaptation field with a PCR, and no payload: the counter is the last one's (ISO 13818-1 2.4.3.3). */
function clockPacket(pid: number, next: number, base90kHz: number): Buffer {
  const packet = Buffer.alloc(packetBytes, 0xff)
  packet.set([0x47, pid >> 8, pid & 0xff, 0x20 | ((next - 1) & 0x0f), packetBytes - 5, 0x10])
  writePcr(packet, 0, { base90kHz: ((base90kHz % 2 ** 33) + 2 ** 33) % 2 ** 33, extension: 7 })
  return packet
}

export function goOn(pid: number, counter: number, fill: number): Buffer {
  const packet = Buffer.alloc(packetBytes, fill & 0x3f)
  packet.set([0x47, pid >> 8, pid & 0xff, 0x10 | counter])
  return packet
}

function descriptorsOf({ language, descriptors = [] }: TinyStream): Buffer {
  return Buffer.from([
    ...(language === undefined ? [] : [0x0a, 4, ...Buffer.from(language), 0]),
    ...descriptors,
  ])
}
