import type { AudioRecipe, TranscodeProfile } from "./transcode-profile.ts"

const stereo = (bitrate: number): AudioRecipe => ({ codec: "aac", bitrate, channels: 2 })

function scaled(height: number, bitrate: number, audio: AudioRecipe): TranscodeProfile {
  const video = { codec: "h264", height, bitrate, frameRate: null } as const
  const id = `${height}p`
  return { id, name: id, output: "mpegts", recipe: { kind: "structured", video, audio } }
}

/** Transcode profiles that are always there; one that is configured with the same id takes its place. */
export const builtInProfiles: readonly TranscodeProfile[] = [
  {
    ...{ id: "copy", name: "As it comes", output: "mpegts" },
    recipe: { kind: "structured", video: { codec: "copy" }, audio: { codec: "copy" } },
  },
  scaled(1080, 5_000_000, stereo(192_000)),
  scaled(720, 3_000_000, stereo(128_000)),
  scaled(480, 1_400_000, stereo(128_000)),
  {
    ...{ id: "audio", name: "Sound only", output: "mpegts" },
    recipe: { kind: "structured", video: null, audio: stereo(128_000) },
  },
  { id: "adaptive", name: "Adaptive", output: "hls", variants: ["1080p", "720p", "480p"] },
]
