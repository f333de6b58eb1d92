import type { Recipe } from "@tributary/shared/transcode/transcode-profile"
import { describe, expect, it } from "vitest"
import type { StreamFormat } from "../mpegts/stream-format.ts"
import type { Hardware } from "./hardware.ts"
import { transcodeArguments } from "./transcode-arguments.ts"

const unknown: StreamFormat = { video: null, audio: [] }
const video = { codec: "h264", width: 1920, height: 1080, framesPerSecond: 25 } as const
const sound = (sampleRate: number | null) => ({ codec: "aac", channels: 2, sampleRate, language: null })
const text = (
  recipe: Recipe,
  input = unknown,
  hardware: Hardware | null = null,
  sound: "expected" | "absent" = "expected",
) => transcodeArguments(recipe, { hardware, input, sound, keyframes: null }).join(" ")
const scaled = { codec: "h264", height: 480, bitrate: 1_400_000, frameRate: 25 } as const
const full: Recipe = {
  kind: "structured",
  video: scaled,
  audio: { codec: "aac", bitrate: 128_000, channels: 2 },
}

describe("the arguments of a transcode", () => {
  it("place the one input and the one output around what the recipe says", () => {
    const words = ["-c:v", "libx264", "-metadata", "title=a b"]
    const args = transcodeArguments(
      { kind: "arguments", words },
      { hardware: null, input: unknown, sound: "expected", keyframes: null },
    )
    expect(args.slice(args.indexOf("-i") - 2, args.indexOf("-i") + 2)).toEqual([
      "-f",
      "mpegts",
      "-i",
      "pipe:0",
    ])
    expect(args.join("\n")).toContain(words.join("\n"))
    expect(args.slice(-3)).toEqual(["-f", "mpegts", "pipe:1"])
    expect(args.filter((arg) => arg === "-i")).toHaveLength(1)
  })

  it("choose a picture and a sound for words that choose none, and nothing for words that do", () => {
    expect(text({ kind: "arguments", words: ["-c", "copy"] })).toContain("-map 0:v:0? -map 0:a:0? -c copy")
    expect(text({ kind: "arguments", words: ["-map", "0"] })).not.toContain("0:v:0?")
  })

  it("say size, rates, keyframes and sound of a structured recipe", () => {
    const args = text(full)
    expect(args).toContain("min(480,ih)")
    expect(args).toContain("-b:v 1400000 -maxrate 1400000 -bufsize 1400000 -r 25")
    expect(args).toMatch(/-force_key_frames expr:\S+/)
    expect(args).toContain("-c:a aac -b:a 128000 -ac 2")
  })

  it("leave out what the recipe has none of", () => {
    const nothing = { kind: "structured", video: null, audio: null } as const
    expect(text({ ...nothing, audio: { codec: "copy" } })).toContain("-vn -map 0:a:0? -c:a copy")
    expect(text({ ...nothing, video: { codec: "copy" } })).toContain("-map 0:v:0? -c:v copy -an")
  })

  it("take no sound that is announced and silent", () => {
    const input = { video, audio: [sound(null), sound(48_000), sound(44_100)] }
    expect(text(full, input)).toContain("-map 0:a:1? -c:a")
    const copied: Recipe = { kind: "structured", video: { codec: "copy" }, audio: { codec: "copy" } }
    expect(text(copied, input)).toContain("-map 0:a:1? -map 0:a:2? -c:a copy")
    const silent = { video, audio: [sound(null)] }
    expect(text(full, silent)).toContain("-map 0:a:0?")
    expect(text(full, silent, null, "absent")).toContain(" -an ")
    expect(text({ kind: "arguments", words: [] }, silent, null, "absent")).not.toContain("0:a")
    expect(text(full, { video, audio: [{ ...sound(null), codec: "aac_latm" }] })).toContain("-map 0:a:0?")
  })

  it("use hardware for the codecs that it has, and software for others", () => {
    const vaapi: Hardware = { kind: "vaapi", device: "/dev/dri/renderD128", codecs: ["h264"] }
    const args = text(full, unknown, vaapi)
    expect(args).toMatch(
      /-vaapi_device \/dev\/dri\/renderD128 .*-i pipe:0 .*format=nv12,hwupload -c:v h264_vaapi/,
    )
    const hevc: Recipe = { kind: "structured", video: { ...scaled, codec: "hevc" }, audio: null }
    expect(text(hevc, unknown, vaapi)).toMatch(/-c:v libx265/)
    expect(text(hevc, unknown, vaapi)).not.toContain("vaapi")
  })
})
