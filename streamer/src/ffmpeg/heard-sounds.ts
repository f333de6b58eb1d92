import type { AudioFormat, StreamFormat } from "../mpegts/stream-format.ts"

// Nothing reads their headers, so that they never tell their rate.
const unread: ReadonlySet<string> = new Set(["aac_latm", "dts", "truehd", "unknown"])

const isHeard = ({ codec, sampleRate }: AudioFormat) => sampleRate !== null || unread.has(codec)

/** Places of the sounds, in the order of the tables, that were not only announced. */
export function heardSounds({ audio }: StreamFormat): number[] {
  return [...audio.keys()].filter((index) => audio[index] !== undefined && isHeard(audio[index]))
}

/** There is a picture, and of the announced sounds none has come with it: it may come later, or never. */
export function isSilent(format: StreamFormat): boolean {
  const hasPicture = format.video !== null && format.video.height !== null
  return hasPicture && format.audio.length > 0 && heardSounds(format).length === 0
}
