// Stream types of ISO 13818-1 table 2-34; 0x81 and 0x87 are ATSC's (A/53 part 3).

export type VideoCodec = "mpeg1video" | "mpeg2video" | "h264" | "hevc"

const VIDEO: ReadonlyMap<number, VideoCodec> = new Map([
  [0x01, "mpeg1video"],
  [0x02, "mpeg2video"],
  [0x1b, "h264"],
  [0x24, "hevc"],
])

const AUDIO: ReadonlyMap<number, string> = new Map([
  [0x03, "mp2"],
  [0x04, "mp2"],
  [0x0f, "aac"],
  [0x11, "aac_latm"],
  [0x81, "ac3"],
  [0x87, "eac3"],
])

/** Data in PES packets: subtitles, teletext, and DVB's AC-3. */
const PRIVATE_PES = 0x06

export const videoCodec = (streamType: number): VideoCodec | null => VIDEO.get(streamType) ?? null
export const isAudio = (streamType: number): boolean => AUDIO.has(streamType)

/** A short name; the type in hexadecimal where there is none. */
export const streamTypeName = (streamType: number): string =>
  VIDEO.get(streamType) ??
  AUDIO.get(streamType) ??
  (streamType === PRIVATE_PES ? "private" : `0x${streamType.toString(16)}`)
