import { describe, expect, it } from "vitest"
import { describeIssue } from "../config/describe-issue.ts"
import { builtInProfiles } from "./built-in.ts"
import { variantProblems } from "./check-variants.ts"
import { transcodeProfileFrom, transcodeProfileSchema } from "./profile-config.ts"

const base = { id: "sd", name: "SD", output: "mpegts" } as const
const profileOf = (written: object) =>
  transcodeProfileFrom(transcodeProfileSchema.parse({ ...base, ...written }))

function problem(written: object): string | null {
  const { error } = transcodeProfileSchema.safeParse({ ...base, ...written })
  return error === undefined ? null : describeIssue(error)
}

describe("a transcode profile", () => {
  it("is a template of arguments", () => {
    const recipe = { kind: "arguments", words: ["-c:v", "libx264", "-c:a", "copy"] }
    expect(profileOf({ arguments: "-c:v libx264 -c:a copy" })).toEqual({ ...base, recipe })
  })

  it("is a picture and a sound, and what is not said of them is as it comes", () => {
    expect(profileOf({ video: { height: 480 }, audio: "copy" })).toEqual({
      ...base,
      recipe: {
        kind: "structured",
        video: { codec: "h264", height: 480, bitrate: null, frameRate: null },
        audio: { codec: "copy" },
      },
    })
    const audio = { codec: "ac3", bitrate: 384_000, channels: 6 }
    expect(profileOf({ video: null, audio })).toMatchObject({ recipe: { video: null, audio } })
  })

  it("is several others to choose from", () => {
    const { output: _, ...named } = base
    const variants = ["720p", "480p"]
    expect(transcodeProfileFrom(transcodeProfileSchema.parse({ ...named, variants }))).toEqual({
      ...named,
      output: "hls",
      variants,
    })
  })

  it("is the same when it is read again as it was stored", () => {
    for (const form of [
      { arguments: "-c copy" },
      { video: { height: 480, bitrate: 1_000_000 }, audio: null },
    ]) {
      const parsed = transcodeProfileSchema.parse({ ...base, ...form })
      expect(transcodeProfileSchema.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
    }
  })

  const hls = { output: "hls" }
  it.each<[string, object]>([
    ["arguments: is missing: a profile has arguments, or video and audio, or variants", {}],
    ["video: cannot stand beside arguments", { arguments: "-an", video: "copy" }],
    ["variants: cannot stand beside audio", { ...hls, audio: "copy", variants: ["a", "b"] }],
    ['audio: is missing: write "copy" to leave it as it is, or null to leave it out', { video: "copy" }],
    ["audio: must not be null beside a video of null: nothing would come out", { video: null, audio: null }],
    ["quality: unknown key", { arguments: "-an", quality: 1 }],
    ["id: must be letters, digits, - and _ (at most 64)", { id: "../x", arguments: "-an" }],
    ['video: must be "copy", null or an object', { video: "h264", audio: null }],
    ['video.codec: must be "h264" or "hevc"', { video: { codec: "vp8" }, audio: null }],
    ["video.width: unknown key", { video: { width: 640 }, audio: null }],
    ["video.height: must be even, like 480", { video: { height: 481 }, audio: null }],
    ["video.height: must be at least 64", { video: { height: 62 }, audio: null }],
    ["video.height: must be at most 4320", { video: { height: 4322 }, audio: null }],
    [
      "video.bitrate: must be a whole number of bit/s, like 2500000",
      { video: { bitrate: "2500k" }, audio: null },
    ],
    [
      "video.bitrate: must be at least 16000: it is in bit/s, not kbit/s",
      { video: { bitrate: 2_500 }, audio: null },
    ],
    ["video.bitrate: must be at most 100000000: it is in bit/s", { video: { bitrate: 1e9 }, audio: null }],
    ["video.frameRate: must be at least 1", { video: { frameRate: 0.5 }, audio: null }],
    ["video.frameRate: must be at most 120", { video: { frameRate: 121 }, audio: null }],
    [
      "audio.bitrate: must be at most 320000 for mp3",
      { video: null, audio: { codec: "mp3", bitrate: 400_000 } },
    ],
    ["audio.channels: must be at most 2 for mp2", { video: null, audio: { codec: "mp2", channels: 6 } }],
    ["variants: must name at least two profiles", { ...hls, variants: ["480p"] }],
    ['output: must be "hls": players choose from variants there only', { variants: ["720p", "480p"] }],
    ['variants[2]: "a" is a duplicate', { ...hls, variants: ["a", "b", "a"] }],
    ['variants[1]: "sd" is this profile itself', { ...hls, variants: ["a", "sd"] }],
  ])("is refused: %s", (message, written) => {
    expect(problem(written)).toBe(message)
  })

  it("is refused with the word that its arguments may not have", () => {
    expect(problem({ arguments: "-c copy -i x" })).toMatch(/^arguments: has "-i": /)
  })
})

describe("variants", () => {
  it("are there and are not adaptive themselves", () => {
    const adaptive = { id: "a", variants: ["720p", "sd"] }
    expect(variantProblems([])).toEqual([])
    expect(variantProblems([adaptive, base])).toEqual([])
    expect(variantProblems([adaptive])).toMatchObject([{ profile: "a", at: 1 }])
    expect(variantProblems([{ id: "b", variants: ["adaptive", "480p"] }])).toMatchObject([
      { profile: "b", at: 0 },
    ])
    expect(variantProblems([{ id: "480p", variants: ["copy", "720p"] }])).toMatchObject([
      { profile: "adaptive", at: 2 },
    ])
  })
})

it("every built-in profile has an id and a name of its own", () => {
  expect(builtInProfiles.map(({ id }) => id)).toEqual(["copy", "1080p", "720p", "480p", "audio", "adaptive"])
  expect(new Set(builtInProfiles.map(({ name }) => name)).size).toBe(6)
})
