import { log } from "@tributary/shared/log/log"
import { describe, expect, it } from "vitest"
import { masterPlaylist, mediaPlaylist } from "./playlist.ts"
import { SegmentWindow } from "./window.ts"

describe("a media playlist", () => {
  it("has what a live one must, and no end", () => {
    const logger = log("test", "hls")
    const window = new SegmentWindow({ maxBytes: 1e6, firstSequence: 5, firstDiscontinuity: 3, logger })
    const startsAt = Date.UTC(2026, 0, 2, 3, 4, 5, 67)
    window.push({ data: Buffer.alloc(1), seconds: 2.002, isDiscontinuous: false, startsAt }, 2)
    window.push({ data: Buffer.alloc(1), seconds: 2, isDiscontinuous: true, startsAt: startsAt + 5_000 }, 2)
    expect(mediaPlaylist(window, 2, "ticket").split("\n")).toEqual([
      "#EXTM3U",
      "#EXT-X-VERSION:3",
      "#EXT-X-TARGETDURATION:2",
      "#EXT-X-MEDIA-SEQUENCE:5",
      "#EXT-X-DISCONTINUITY-SEQUENCE:3",
      "#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.067Z",
      "#EXTINF:2.002,",
      "ticket/5.ts",
      "#EXT-X-DISCONTINUITY",
      "#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:10.067Z",
      "#EXTINF:2,",
      "ticket/6.ts",
      "",
    ])
  })
})

describe("a master playlist", () => {
  it("describes qualities by what is known of them", () => {
    const known = { peakBandwidth: 2_000_000.4, averageBandwidth: 1_500_000, framesPerSecond: 29.97 }
    const playlist = masterPlaylist([
      { ...known, uri: "t/copy.m3u8", width: 1280, height: 720 },
      {
        ...{ uri: "t/audio.m3u8", peakBandwidth: 128_000, averageBandwidth: null },
        ...{ width: null, height: null, framesPerSecond: null },
      },
    ])
    expect(playlist.split("\n")).toEqual([
      "#EXTM3U",
      "#EXT-X-VERSION:3",
      "#EXT-X-STREAM-INF:BANDWIDTH=2000001,AVERAGE-BANDWIDTH=1500000,RESOLUTION=1280x720,FRAME-RATE=29.970",
      "t/copy.m3u8",
      "#EXT-X-STREAM-INF:BANDWIDTH=128000",
      "t/audio.m3u8",
      "",
    ])
  })
})
