import { byte, nullPid } from "./packet.ts"

export type VideoCodec = "mpeg1" | "mpeg2" | "h264" | "hevc"

export interface ElementaryStream {
  pid: number
  /** stream_type (ISO 13818-1 table 2-34). */
  type: number
  video: VideoCodec | null
}

/** A stream as its PMT lists it. */
export interface ListedStream extends ElementaryStream {
  descriptors: Buffer
}

export interface Programme {
  number: number
  /** 0x1fff when the programme has no clock reference. */
  pcrPid: number
  descriptors: Buffer
  streams: ListedStream[]
}

const videoCodecs: Record<number, VideoCodec> = { 1: "mpeg1", 2: "mpeg2", 27: "h264", 36: "hevc" }
// MPEG-1 and 2, AAC (ADTS, LATM), AC-3, DTS, TrueHD and E-AC-3 as ATSC and Blu-ray number them.
const audioTypes: ReadonlySet<number> = new Set([3, 4, 0x0f, 0x11, 0x81, 0x82, 0x83, 0x84, 0x85, 0x87])
const crcBytes = 4

/** PMT PIDs of a PAT section (2.4.4.3), programme 0 (network information) left out. */
export function readPat(section: Buffer): number[] {
  const pids: number[] = []
  for (let at = 8; at + 4 <= section.length - crcBytes; at += 4)
    if (section.readUInt16BE(at) !== 0) pids.push(section.readUInt16BE(at + 2) & 0x1fff)
  return pids
}

/** A PMT section (2.4.4.8), as much of it as can be read. */
export function readProgramme(section: Buffer): Programme {
  if (section.length < 12 + crcBytes)
    return { number: 0, pcrPid: nullPid, descriptors: Buffer.alloc(0), streams: [] }
  const end = section.length - crcBytes
  const streams: ListedStream[] = []
  let at = 12 + (section.readUInt16BE(10) & 0x0fff)
  const descriptors = section.subarray(12, Math.min(at, end))
  while (at + 5 <= end) {
    const type = byte(section, at)
    const next = at + 5 + (section.readUInt16BE(at + 3) & 0x0fff)
    streams.push({
      pid: section.readUInt16BE(at + 1) & 0x1fff,
      type,
      video: videoCodecs[type] ?? null,
      descriptors: section.subarray(at + 5, Math.min(next, end)),
    })
    at = next
  }
  return {
    number: section.readUInt16BE(3),
    pcrPid: section.readUInt16BE(8) & 0x1fff,
    descriptors,
    streams,
  }
}

/** Elementary streams of a PMT section. */
export function readPmt(section: Buffer): ElementaryStream[] {
  return readProgramme(section).streams.map(({ pid, type, video }) => ({ pid, type, video }))
}

export const isAudio = ({ type }: ElementaryStream) => audioTypes.has(type)

/** The stream whose units decide where viewers can start: the video, else the sound, else what there is. */
export function leadOf(streams: readonly ElementaryStream[]): ElementaryStream | null {
  const video = streams.find((stream) => stream.video !== null)
  return video ?? streams.find(isAudio) ?? streams[0] ?? null
}
