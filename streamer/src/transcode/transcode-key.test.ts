import { expect, it } from "vitest"
import { transcodeKey } from "./transcode-key.ts"

it("differs when one word of a recipe, or the live stream, does", () => {
  const key = (words: string[], live = "channel") => transcodeKey(live, { kind: "arguments", words })
  const keys = [key(["-b:v", "1M"]), key(["-b:v", "2M"]), key(["-b:v 1M"]), key(["-b:v", "1M"], "other")]
  expect(new Set(keys).size).toBe(4)
  expect(key(["-b:v", "1M"])).toBe(keys[0])
})

it("is the same whatever the order in which a recipe names its parts", () => {
  const one = { kind: "structured", video: { codec: "copy" }, audio: null } as const
  const other = { audio: null, video: { codec: "copy" }, kind: "structured" } as const
  expect(transcodeKey("channel", one)).toBe(transcodeKey("channel", other))
})
