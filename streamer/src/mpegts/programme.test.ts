import { describe, expect, it } from "vitest"
import { buildPmt } from "../../../infra/e2e/player/test-support/build-tables.ts"
import { leadOf, readPmt } from "./programme.ts"

const streams = (...types: number[]) =>
  readPmt(
    buildPmt({
      programme: 1,
      pcrPid: 0x100,
      streams: types.map((streamType, index) => ({ pid: 0x100 + index, streamType })),
    }),
  )

describe("a programme", () => {
  it("names each stream's PID, type and video codec", () => {
    expect(streams(1, 2, 27, 36, 0x0f)).toEqual([
      { pid: 0x100, type: 1, video: "mpeg1" },
      { pid: 0x101, type: 2, video: "mpeg2" },
      { pid: 0x102, type: 27, video: "h264" },
      { pid: 0x103, type: 36, video: "hevc" },
      { pid: 0x104, type: 0x0f, video: null },
    ])
  })
})

describe("the stream that viewers start by", () => {
  it.each([
    ["the video, wherever it stands", [0x0f, 0x06, 27], 0x102],
    ["the first of two videos", [0x0f, 27, 36], 0x101],
    ["the sound, not data that comes before it, where there is no video", [0x86, 0x06, 0x15, 3], 0x103],
    ["whatever there is, when nothing is known", [0x86, 0x15], 0x100],
  ])("is %s", (_, types, pid) => {
    expect(leadOf(streams(...types))?.pid).toBe(pid)
  })

  it("is none in an empty programme", () => {
    expect(leadOf(streams())).toBeNull()
  })
})
