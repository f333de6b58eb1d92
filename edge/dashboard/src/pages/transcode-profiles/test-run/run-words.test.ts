import { describe, expect, it } from "vitest"
import { runFacts, speedWords } from "./run-words.ts"

const run = {
  ...{ speed: 3.21, width: 640, height: 360, videoCodec: "h264", audioCodec: "aac", hardware: null },
  ...{ framesPerSecond: 25, bytesPerSecond: 125_000 },
}

describe("a test run in words", () => {
  it("says what came out, and how fast", () => {
    expect(runFacts(run)).toEqual([
      { name: "Speed", value: "3.2× real time" },
      { name: "Picture", value: "H264 640×360, 25 fps" },
      { name: "Sound", value: "AAC" },
      { name: "Bitrate", value: "1.00 Mbit/s" },
      { name: "Made by", value: "the processor" },
    ])
  })

  it("leaves out what is not there", () => {
    const sound = { ...run, videoCodec: null, width: null, height: null, framesPerSecond: null }
    expect(runFacts(sound).map(({ name }) => name)).toEqual(["Speed", "Sound", "Bitrate"])
  })

  it("warns of what is slower than real time", () => {
    expect([speedWords(0.8), speedWords(1), speedWords(23.4)]).toEqual([
      "0.8× real time: too slow to be watched live",
      "1.0× real time",
      "23× real time",
    ])
  })
})
