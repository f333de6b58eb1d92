import { byteAt } from "./packet.ts"
import type { VideoCodec } from "./stream-type.ts"

type Verdict = "keyframe" | "other" | "undecided"

/**
 * What the byte after a start code says: a header that is only repeated where decoding can begin, or the
 * first slice. H.264 table 7-1, HEVC table 7-1, MPEG-2 table 6-1.
 */
function judgeStartCode(codec: VideoCodec, code: number): Verdict {
  switch (codec) {
    case "h264": {
      const type = code & 0x1f
      if (type === 5 || type === 7) return "keyframe"
      return type >= 1 && type <= 4 ? "other" : "undecided"
    }
    case "hevc": {
      const type = (code >> 1) & 0x3f
      if ((type >= 16 && type <= 21) || type === 32) return "keyframe"
      return type <= 9 ? "other" : "undecided"
    }
    case "mpeg1video":
    case "mpeg2video":
      if (code === 0xb3) return "keyframe"
      return code === 0x00 ? "other" : "undecided"
  }
}

/** Looks through one access unit, packet by packet, until it is known whether decoding can begin there. */
export function createAccessUnitScan(codec: VideoCodec) {
  // The last four bytes: a start code may lie across two packets.
  let recent = 0xffffffff

  return function scan(payload: Uint8Array, from: number): Verdict {
    for (let index = from; index < payload.length; index++) {
      recent = ((recent << 8) | byteAt(payload, index)) >>> 0
      if (recent >>> 8 !== 1) continue
      const verdict = judgeStartCode(codec, recent & 0xff)
      if (verdict !== "undecided") return verdict
    }
    return "undecided"
  }
}

export type AccessUnitScan = ReturnType<typeof createAccessUnitScan>
