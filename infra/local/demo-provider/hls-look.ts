import { createCipheriv, createHash } from "node:crypto"
import type { Settings } from "./settings.ts"

/** What a playlist has beside its segments. */
export type PlaylistTags = {
  /** Lines behind the media sequence. */
  head: (first: number) => string[]
  /** Lines before a segment. */
  before: (sequence: number, isFirst: boolean) => string[]
}

type Look = Pick<Settings, "hlsEncryption" | "hlsDiscontinuityEvery">

const segmentsPerKey = 10
/** An hour of loops of 9.6 s: how far apart the times on both sides of a discontinuity are. */
const jumpIterations = 375

const digest = (text: string) => createHash("sha256").update(text).digest().subarray(0, 16)

/** Key `n` serves the segments from `10 n` on. */
export const keyNumber = (sequence: number) => Math.floor(sequence / segmentsPerKey)
export const keyOf = (channel: number, number: number) => digest(`key ${channel} ${number}`)

export function playlistTags(
  { hlsEncryption, hlsDiscontinuityEvery: every }: Look,
  keyUrl: (number: number) => string,
): PlaylistTags {
  const isJump = (sequence: number) => every > 0 && sequence % every === 0
  return {
    // The discontinuities before the first segment (RFC 8216 6.2.2); its own is in the playlist.
    head: (first) =>
      every === 0
        ? []
        : [`#EXT-X-DISCONTINUITY-SEQUENCE:${Math.floor(first / every) - (isJump(first) ? 1 : 0)}`],
    before(sequence, isFirst) {
      const lines = isJump(sequence) ? ["#EXT-X-DISCONTINUITY"] : []
      const isNewKey = isFirst || sequence % segmentsPerKey === 0
      if (hlsEncryption === "aes-128-iv" || (hlsEncryption === "aes-128" && isNewKey)) {
        const iv =
          hlsEncryption === "aes-128-iv" ? `,IV=0x${ivOf(hlsEncryption, sequence).toString("hex")}` : ""
        lines.push(`#EXT-X-KEY:METHOD=AES-128,URI="${keyUrl(keyNumber(sequence))}"${iv}`)
      }
      return lines
    },
  }
}

/** By how many loops a segment's times and counters are moved: those of every other run of segments are. */
export function movedIterations({ hlsDiscontinuityEvery: every }: Look, sequence: number): number {
  return every > 0 && Math.floor(sequence / every) % 2 === 1 ? jumpIterations : 0
}

export function encrypted({ hlsEncryption }: Look, channel: number, sequence: number, plain: Buffer): Buffer {
  if (hlsEncryption === "none") return plain
  const key = keyOf(channel, keyNumber(sequence))
  const cipher = createCipheriv("aes-128-cbc", key, ivOf(hlsEncryption, sequence))
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

/** Without an explicit one it is the segment's number (RFC 8216 5.2). */
function ivOf(encryption: Settings["hlsEncryption"], sequence: number): Buffer {
  if (encryption === "aes-128-iv") return digest(`iv ${sequence}`)
  const iv = Buffer.alloc(16)
  iv.writeBigUInt64BE(BigInt(sequence), 8)
  return iv
}
