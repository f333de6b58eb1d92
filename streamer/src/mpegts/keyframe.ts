import { byte } from "./packet.ts"
import type { VideoCodec } from "./programme.ts"

export type Picture = "key" | "other" | "unknown"

/**
 * Says from the first bytes of a picture's PES packet whether decoding can start there; "unknown" while no
 * byte that decides has come. H.264: an IDR slice or a sequence parameter set (ISO 14496-10 table 7-1); HEVC:
 * IRAP or VPS (ISO 23008-2 table 7-1); MPEG-2: a sequence header (ISO 13818-2 table 6-1).
 */
export function classifyPicture(payload: Buffer, codec: VideoCodec): Picture {
  const from = elementaryAt(payload)
  for (let at = payload.indexOf(1, from); at >= 0; at = payload.indexOf(1, at + 1)) {
    if (payload[at - 1] !== 0 || payload[at - 2] !== 0) continue
    const code = payload[at + 1]
    if (code === undefined) return "unknown"
    const picture = classifyUnit(code, codec)
    if (picture !== "unknown") return picture
  }
  return "unknown"
}

/**
 * Where the elementary stream begins behind the PES header (ISO 13818-1 2.4.3.6). The header must be skipped: its own
 * stream_id, 0xe0 to 0xef, stands behind a start code too, and reads as any kind of H.264 unit.
 */
export function elementaryAt(payload: Buffer): number {
  const isPes = byte(payload, 0) === 0 && byte(payload, 1) === 0 && byte(payload, 2) === 1
  if (!isPes) return 0
  return payload.length < 9 ? payload.length : 9 + byte(payload, 8)
}

function classifyUnit(code: number, codec: VideoCodec): Picture {
  switch (codec) {
    case "h264": {
      const type = code & 0x1f
      return type === 5 || type === 7 ? "key" : type >= 1 && type <= 4 ? "other" : "unknown"
    }
    case "hevc": {
      const type = (code >> 1) & 0x3f
      return (type >= 16 && type <= 21) || type === 32 ? "key" : type < 16 ? "other" : "unknown"
    }
    case "mpeg1":
    case "mpeg2":
      return code === 0xb3 ? "key" : code === 0 ? "other" : "unknown"
  }
}
