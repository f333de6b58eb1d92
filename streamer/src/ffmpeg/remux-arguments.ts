/** What comes in; "mp4" in fragments, the initialisation section first. */
export type RemuxInput = "mpegts" | "mp4" | "aac" | "mp3"

// The header of an MP4 says what is in it, so that nothing has to be waited for; packets have to be looked at.
const probing: Record<RemuxInput, string[]> = {
  mp4: ["-probesize", "32", "-analyzeduration", "0"],
  mpegts: ["-probesize", "500000", "-analyzeduration", "1000000"],
  aac: ["-probesize", "4096", "-analyzeduration", "0"],
  mp3: ["-probesize", "4096", "-analyzeduration", "0"],
}

/** Standard input, then the pipes behind standard error. */
export const inputPipe = (number: number) => (number === 0 ? 0 : number + 2)

/**
 * ffmpeg's arguments to put what comes by pipes into MPEG-TS as it comes, unchanged: one stream of everything, or the
 * picture of the first and the sound of the second.
 */
export function remuxArguments(inputs: readonly RemuxInput[]): string[] {
  const isJoined = inputs.length > 1
  return [
    ...["-nostdin", "-hide_banner", "-v", "error"],
    // Times that were made for each other stay so. Not "nobuffer": it drops what was probed.
    ...(isJoined ? ["-copyts"] : []),
    ...inputs.flatMap((input, n) => [...probing[input], "-f", input, "-i", `pipe:${inputPipe(n)}`]),
    ...(isJoined ? ["-map", "0:v:0", "-map", "1:a:0"] : ["-map", "0:v:0?", "-map", "0:a?"]),
    ...["-c", "copy", "-muxdelay", "0", "-muxpreload", "0", "-flush_packets", "1"],
    ...["-pat_period", "0.1", "-f", "mpegts", "pipe:1"],
  ]
}
