import { byte, syncByte } from "../mpegts/packet.ts"
import type { UpstreamFailure } from "./upstream.ts"

type NotVideo = Extract<UpstreamFailure, { code: "not_video" }>["what"]

/** What a body is. "mp4", "aac" and "mp3" are what segments of HLS can be instead of MPEG-TS. */
export type BodyKind = "mpegts" | "hls" | "mp4" | "aac" | "mp3" | { notVideo: NotVideo }

// Of packets alone, with a time code before each (M2TS) and with a checksum behind each (DVB-ASI).
const strides = [188, 192, 204]
const maxStride = Math.max(...strides)
const syncWitnesses = 3
// A stream may begin in the middle of a packet, or after rubbish.
const mostSearchedBytes = 64 * 1024
const fewestTextBytes = 4
const boxTypes = new Set(["ftyp", "styp", "moof", "moov", "sidx", "emsg", "prft"])

/**
 * What a body is by its first bytes; its content type, which panels often have wrong, counts only where these say
 * nothing. Null while more is needed.
 */
export function recogniseBody(contentType: string, start: Buffer, isOver: boolean): BodyKind | null {
  if (start.length === 0) return isOver ? { notVideo: "empty" } : null
  if (hasPackets(start) || (isOver && isFewPackets(start))) return "mpegts"
  const text = start
    .toString("latin1", 0, 512)
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart()
  const markup = kindOfText(text)
  if (markup !== null) return markup
  // Packed, although nobody asked for that.
  if (contentType.includes("mpegurl") && start[0] === 0x1f && start[1] === 0x8b) return "hls"
  const isLong = isOver || start.length >= maxStride * syncWitnesses
  const container = containerOf(start)
  if (container !== null && (isLong || contentType.startsWith("audio/") || container === "mp4"))
    return container
  const other = typedNotVideo(contentType) ?? { notVideo: "unknown" }
  if (isOver || start.length >= mostSearchedBytes) return other
  if (start.length >= fewestTextBytes && text !== "" && isText(start)) return other
  // A sync byte that is yet to be confirmed is worth waiting for, whatever the type.
  return !isLong && start.includes(syncByte) ? null : typedNotVideo(contentType)
}

/** Three sync bytes in a row at one of the distances. */
function hasPackets(data: Buffer): boolean {
  const last = Math.min(data.length, mostSearchedBytes)
  for (let at = data.indexOf(syncByte); at >= 0 && at < last; at = data.indexOf(syncByte, at + 1))
    for (const stride of strides) {
      let seen = 1
      while (seen < syncWitnesses && data[at + seen * stride] === syncByte) seen++
      if (seen === syncWitnesses) return true
    }
  return false
}

const isFewPackets = (whole: Buffer) =>
  byte(whole, 0) === syncByte && strides.some((stride) => whole.length % stride === 0)

function kindOfText(text: string): BodyKind | null {
  if (text.startsWith("#EXTM3U") || text.startsWith("#EXT-X-")) return "hls"
  if (/^<\?xml[^>]*>\s*<MPD|^<MPD/i.test(text)) return { notVideo: "dash" }
  if (/^<(?:!doctype\s+html|!--|html|head|body|script|title|center|h1|br|p|b)[\s>/]?/i.test(text))
    return { notVideo: "html" }
  if (/^[{[]\s*(?:["{}[\]]|$)/.test(text)) return { notVideo: "json" }
  return null
}

function containerOf(start: Buffer): BodyKind | null {
  if (boxTypes.has(start.toString("latin1", 4, 8))) return "mp4"
  // An ID3 tag is before both; HLS's packed audio has one, and is AAC for the most part (RFC 8216 3.4).
  if (start.toString("latin1", 0, 3) === "ID3") return containerAfterTag(start)
  return frameKind(start, 0)
}

/** The tag's length is 7 bits a byte (ID3v2.4 3.1). */
function containerAfterTag(start: Buffer): BodyKind | null {
  const length = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (byte(start, at) & 0x7f), 0)
  return frameKind(start, 10 + length)
}

/** The header of an ADTS or MPEG audio frame: 12 and 11 bits of ones, then the layer, which is 0 only for AAC. */
function frameKind(data: Buffer, at: number): BodyKind | null {
  if (byte(data, at) !== 0xff || (byte(data, at + 1) & 0xe0) !== 0xe0) return null
  if ((byte(data, at + 1) & 0xf6) === 0xf0) return "aac"
  // Layer III; 15 is no bit rate, and 3 no sampling rate.
  const isFrame = (byte(data, at + 1) & 0x06) === 0x02 && byte(data, at + 2) >> 4 !== 15
  return isFrame && ((byte(data, at + 2) >> 2) & 3) !== 3 ? "mp3" : null
}

function typedNotVideo(contentType: string): { notVideo: NotVideo } | null {
  if (contentType.startsWith("text/html")) return { notVideo: "html" }
  if (contentType.startsWith("application/json")) return { notVideo: "json" }
  if (contentType.includes("dash+xml")) return { notVideo: "dash" }
  return contentType.includes("mpegurl") ? { notVideo: "hls" } : null
}

/** Begins with ASCII, and has no byte that texts do not have: the head of a packet, which is near, has one. */
function isText(data: Buffer): boolean {
  const isWritten = (each: number) => each >= 0x20 || each === 0x09 || each === 0x0a || each === 0x0d
  return (
    data.subarray(0, fewestTextBytes).every((each) => each < 0x7f) && data.subarray(0, 512).every(isWritten)
  )
}
