import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import { describe, expect, it } from "vitest"
import { emptyProfile, idOf, profileBody, testBody, valuesOf } from "./profile-values.ts"

const head = { id: "sd", name: "SD", output: "mpegts" as const }
const rest = { builtIn: false, origin: "api" as const }
const recipe = {
  video: { codec: "h264" as const, height: 480, bitrate: null, frameRate: 25 },
  audio: { codec: "aac" as const, bitrate: 128_000, channels: null },
}

describe("the form of a transcode profile", () => {
  it.each<[string, Partial<TranscodeProfileRow>]>([
    ["recipe", recipe],
    ["recipe without a picture", { video: null, audio: "copy" }],
    ["template", { arguments: "-c:v libx264 -c:a copy" }],
    ["choice", { output: "hls", variants: ["720p", "480p"] }],
  ])("changes nothing of a %s by itself", (_, form) => {
    const body = profileBody(valuesOf({ ...head, ...rest, ...form }), "sd")
    expect(body).toEqual({ ...head, ...form })
    expect(transcodeProfileSchema.safeParse(body).success).toBe(true)
  })

  it("sends what it begins with", () => {
    expect(transcodeProfileSchema.safeParse(profileBody({ ...emptyProfile, id: "mine" }, null)).success).toBe(
      true,
    )
  })

  it("sends the chosen form only, and HLS for one that players choose from", () => {
    const values = {
      ...valuesOf({ ...head, ...rest, ...recipe }),
      variants: ["720p", "480p"],
      arguments: "-c copy",
    }
    expect(profileBody({ ...values, form: "adaptive" }, "sd")).toEqual({
      ...head,
      output: "hls",
      variants: ["720p", "480p"],
    })
    expect(profileBody({ ...values, form: "arguments" }, "sd")).toEqual({ ...head, arguments: "-c copy" })
  })

  it("calls one without a name by its id", () => {
    const values = valuesOf({ ...head, name: "sd", ...rest, ...recipe })
    expect(values.name).toBe("")
    expect(profileBody(values, "sd").name).toBe("sd")
    expect(profileBody(values, null)).not.toHaveProperty("name")
  })

  it("needs neither an id nor a name for a test", () => {
    expect(testBody({ ...emptyProfile, name: "x" })).toEqual({
      output: "mpegts",
      video: { codec: "h264", height: 720, bitrate: 3_000_000, frameRate: null },
      audio: { codec: "aac", bitrate: 128_000, channels: 2 },
    })
  })
})

describe("an id made of a name", () => {
  it.each([
    ["SD 480p", "sd-480p"],
    ["  Größe (klein)! ", "gro-e-klein"],
    ["Café", "cafe"],
    ["–", ""],
    ["a".repeat(80), "a".repeat(64)],
  ])("%s is %s", (name, id) => {
    expect(idOf(name)).toBe(id)
  })
})
