import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"
import { describe, expect, it } from "vitest"
import { originWords, recipeWords } from "./profile-words.ts"

const row = (more: Partial<TranscodeProfileRow>): TranscodeProfileRow => ({
  ...{ id: "sd", name: "SD", output: "mpegts", builtIn: false, origin: "api" },
  ...more,
})

describe("a transcode profile in words", () => {
  it.each<[Partial<TranscodeProfileRow>, string]>([
    [{ video: "copy", audio: "copy" }, "Picture as it comes; sound as it comes"],
    [
      {
        video: { codec: "h264", height: 480, bitrate: 1_400_000, frameRate: 25 },
        audio: { codec: "aac", bitrate: 128_000, channels: 2 },
      },
      "H264 480p 1.40 Mbit/s 25 fps; AAC stereo 128 kbit/s",
    ],
    [{ video: null, audio: { codec: "ac3", bitrate: null, channels: 6 } }, "No picture; AC3 6 channels"],
    [{ arguments: "-c copy" }, "ffmpeg … -c copy"],
    [{ variants: ["720p", "480p"] }, "Players choose from 720p, 480p"],
  ])("%j", (more, words) => {
    expect(recipeWords(row(more))).toBe(words)
  })

  it("says when a change does not last", () => {
    expect([originWords({ origin: "api" }), originWords({ origin: null })]).toEqual([null, null])
    expect(originWords({ origin: "file" })).toMatch(/at the next start/)
  })
})
