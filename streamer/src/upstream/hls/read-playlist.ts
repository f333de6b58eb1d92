import { parse, setOptions, type types } from "hls-parser"
import type { ByteSpan, MasterPlaylist, MediaPlaylist, Segment, SegmentKey, Variant } from "./playlist.ts"
import { tidyPlaylist } from "./tidy-playlist.ts"

// Of what it complains about, players take most, and what is wrong with it is seen below.
setOptions({ strictMode: false, silent: true })

const audioCodecs = /^(?:mp4a|ac-3|ec-3|opus|flac|mp3)/i
const shortestTargetSeconds = 0.2
// Where no segment says how long it is.
const usualSeconds = 6
const longestUnknownSeconds = 30

/** A playlist that came from this address; null for one without segments or variants, such as a channel list. */
export function readPlaylist(text: string, url: string): MasterPlaylist | MediaPlaylist | null {
  // Without any tag of HLS it is a list of channels or files, whose "segments" would be endless.
  if (!/#EXT-X-/.test(text)) return null
  const tidy = tidyPlaylist(text)
  try {
    const parsed = parse(tidy)
    return parsed.isMasterPlaylist ? masterPlaylist(parsed, url) : mediaPlaylist(parsed, tidy, url)
  } catch {
    return null
  }
}

function masterPlaylist({ variants }: types.MasterPlaylist, base: string): MasterPlaylist | null {
  const read = variants
    .filter(({ uri }) => typeof uri === "string" && URL.canParse(uri, base))
    .map((variant): Variant => {
      const codecs = variant.codecs?.split(",").map((codec) => codec.trim())
      const isAudio = codecs?.every((codec) => audioCodecs.test(codec)) ?? false
      return {
        url: new URL(variant.uri, base).href,
        bitsPerSecond: variant.bandwidth ?? variant.averageBandwidth ?? 0,
        hasVideo: variant.resolution !== undefined || !isAudio,
        soundUrl: soundOf(variant.audio, base),
      }
    })
  return read.length === 0 ? null : { kind: "master", variants: read }
}

/** Where one rendition of the group has no address, it is muxed into the variant (RFC 8216 4.3.4.1). */
function soundOf(renditions: types.Variant["audio"], base: string): string | null {
  if (renditions.some(({ uri }) => !uri)) return null
  const { uri = "" } = renditions.find(({ isDefault }) => isDefault) ?? renditions[0] ?? {}
  return uri !== "" && URL.canParse(uri, base) ? new URL(uri, base).href : null
}

function mediaPlaylist(parsed: types.MediaPlaylist, tidy: string, base: string): MediaPlaylist {
  const listed = parsed.segments.filter(({ uri }) => uri !== "" && URL.canParse(uri, base))
  const segments = listed.map((segment): Segment => {
    const { uri, duration, byterange, key, map, discontinuity, gap, mediaSequenceNumber } = segment
    return {
      sequence: mediaSequenceNumber,
      url: new URL(uri, base).href,
      seconds: Math.max(0, duration ?? 0),
      span: spanOf(byterange),
      key: keyOf(key, base),
      init: map?.uri ? { url: new URL(map.uri, base).href, span: spanOf(map.byterange) } : null,
      isDiscontinuous: discontinuity === true,
      isGap: gap === true,
    }
  })
  return {
    kind: "media",
    targetSeconds: targetOf(parsed.targetDuration, segments),
    segments,
    isNumbered: tidy.includes("#EXT-X-MEDIA-SEQUENCE:"),
    isComplete: parsed.endlist || parsed.playlistType?.toUpperCase() === "VOD",
  }
}

/** Some leave it out, some say 0, some hours. */
function targetOf(said: number, segments: readonly Segment[]): number {
  const longest = segments.reduce((most, { seconds }) => Math.max(most, seconds), 0)
  if (longest === 0) return said > 0 ? Math.min(said, longestUnknownSeconds) : usualSeconds
  return Math.max(shortestTargetSeconds, said > 0 ? Math.min(said, longest * 3) : longest)
}

function spanOf(range: ByteSpan | undefined): ByteSpan | null {
  return range === undefined || range.length <= 0
    ? null
    : { offset: Math.max(0, range.offset), length: range.length }
}

function keyOf(key: types.Segment["key"] | null, base: string): SegmentKey {
  const method = key?.method?.toUpperCase()
  if (!key || method === undefined || method === "NONE") return { method: "none" }
  const isIdentity = key.format === undefined || key.format === "identity"
  if (method !== "AES-128" || !isIdentity || !key.uri || !URL.canParse(key.uri, base))
    return { method: "unsupported" }
  return { method: "aes-128", url: new URL(key.uri, base).href, iv: key.iv ? fullIv(key.iv) : null }
}

/** 16 bytes; a shorter number has zeros before it. */
function fullIv(iv: ArrayBuffer | Uint8Array): Buffer {
  const bytes = Buffer.from(iv as Uint8Array).subarray(-16)
  return Buffer.concat([Buffer.alloc(16 - bytes.length), bytes])
}
