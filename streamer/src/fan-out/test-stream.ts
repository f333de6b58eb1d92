import {
  buildPat,
  buildPmt,
  packetise,
  pesPacket,
} from "../../../infra/e2e/player/test-support/build-tables.ts"
import { hasAdaptation, hasPayload, nullPid, packetBytes, pidOf, startsUnit } from "../mpegts/packet.ts"

export const videoPid = 0x100
export const tables = Buffer.concat([
  ...packetise(0, 0, buildPat([{ programme: 1, pmtPid: 0x1000 }])),
  ...packetise(
    0x1000,
    0,
    buildPmt({ programme: 1, pcrPid: videoPid, streams: [{ pid: videoPid, streamType: 27 }] }),
  ),
])
export const keyframe = pesPacket(videoPid, 0, { dts90kHz: 0, data: [0, 0, 1, 0x65, 0x88] })

/** Packets of the picture that runs, told apart by `mark`. */
export function more(mark: number, count = 1): Buffer {
  const packets = Buffer.alloc(count * packetBytes, mark)
  for (let at = 0; at < packets.length; at += packetBytes)
    packets.set([0x47, videoPid >> 8, videoPid & 0xff, 0x10], at)
  return packets
}

/** A stream of video packets that carry their number; every `keyframeEvery` packets tables and a keyframe. */
export class NumberedStream {
  readonly #keyframeEvery: number
  next = 0

  constructor(keyframeEvery: number) {
    this.#keyframeEvery = keyframeEvery
  }

  take(count: number): Buffer {
    const packets: Buffer[] = []
    for (const end = this.next + count; this.next < end; this.next++) {
      const isKeyframe = this.next % this.#keyframeEvery === 0
      if (isKeyframe) packets.push(tables)
      const packet = Buffer.from(isKeyframe ? keyframe : more(0xff))
      packet[3] = 0x10 | (this.next & 0x0f)
      packet.writeUInt32BE(this.next, packetBytes - 4)
      packets.push(packet)
    }
    return Buffer.concat(packets)
  }
}

/** What a viewer saw of a numbered stream between two announced jumps. */
export interface Run {
  first: number
  last: number
  startsAtKeyframe: boolean
  hasTablesFirst: boolean
}

/** Throws on anything that is not whole packets, and on a gap that was not announced. */
export function readRuns(bytes: Buffer): Run[] {
  if (bytes.length % packetBytes !== 0) throw new Error(`${bytes.length} bytes are not whole packets`)
  const runs: Run[] = []
  let isAnnounced = true
  let hasTables = false
  for (let at = 0; at < bytes.length; at += packetBytes) {
    if (bytes[at] !== 0x47) throw new Error(`no packet at ${at}`)
    const pid = pidOf(bytes, at)
    if (pid === nullPid) continue
    if (hasAdaptation(bytes, at) && !hasPayload(bytes, at)) {
      if (((bytes[at + 5] ?? 0) & 0x80) === 0) throw new Error(`no discontinuity_indicator at ${at}`)
      if (pid === videoPid) isAnnounced = true
      hasTables = false
    } else if (pid !== videoPid) hasTables = true
    else {
      const number = bytes.readUInt32BE(at + packetBytes - 4)
      const run = runs.at(-1)
      if (isAnnounced || run === undefined)
        runs.push({
          first: number,
          last: number,
          startsAtKeyframe: startsUnit(bytes, at),
          hasTablesFirst: hasTables,
        })
      else if (number !== run.last + 1) throw new Error(`${run.last} is followed by ${number}, unannounced`)
      else run.last = number
      isAnnounced = false
    }
  }
  return runs
}

/** The body of an answer in HTTP/1.1 chunks; throws on what is not framed like one. */
export function unchunk(body: Buffer): { bytes: Buffer; isComplete: boolean } {
  const parts: Buffer[] = []
  let at = 0
  while (at < body.length) {
    const lineEnd = body.indexOf("\r\n", at)
    const line = lineEnd === -1 ? "" : body.toString("latin1", at, lineEnd)
    if (!/^[\da-f]+$/.test(line)) throw new Error(`no chunk at ${at}: ${JSON.stringify(line.slice(0, 20))}`)
    const size = Number.parseInt(line, 16)
    const start = lineEnd + 2
    if (start + size + 2 > body.length) return { bytes: Buffer.concat(parts), isComplete: false }
    if (body.toString("latin1", start + size, start + size + 2) !== "\r\n") throw new Error(`no end at ${at}`)
    if (size === 0) return { bytes: Buffer.concat(parts), isComplete: true }
    parts.push(body.subarray(start, start + size))
    at = start + size + 2
  }
  return { bytes: Buffer.concat(parts), isComplete: false }
}
