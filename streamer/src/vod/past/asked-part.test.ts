import { describe, expect, it } from "vitest"
import type { MediaPlaylist } from "../../upstream/hls/playlist.ts"
import { AskedPart } from "./asked-part.ts"

/** Segments of four seconds. */
function playlist(first: number, count: number, isComplete = false): MediaPlaylist {
  const segments = Array.from({ length: count }, (_, n) => ({
    ...{ sequence: first + n, url: `http://a.test/${first + n}.ts`, seconds: 4, span: null },
    ...{ key: { method: "none" } as const, init: null, isDiscontinuous: false, isGap: false },
  }))
  return { kind: "media", targetSeconds: 4, segments, isNumbered: true, isComplete }
}

const seen = ({ segments, isComplete }: MediaPlaylist) => [
  segments.map(({ sequence }) => sequence),
  isComplete,
]

describe("the part that was asked for", () => {
  it("is the whole playlist where that says that it is complete", () => {
    expect(seen(new AskedPart(8).limit(playlist(5, 4, true)))).toEqual([[5, 6, 7, 8], true])
  })

  it("is complete when a playlist has it all, also where the last segment is a little short", () => {
    expect(seen(new AskedPart(16).limit(playlist(5, 4)))).toEqual([[5, 6, 7, 8], true])
    expect(seen(new AskedPart(18).limit(playlist(5, 4)))).toEqual([[5, 6, 7, 8], true])
    expect(seen(new AskedPart(20).limit(playlist(5, 4)))).toEqual([[5, 6, 7, 8], false])
  })

  it("ends within a playlist that goes on", () => {
    expect(seen(new AskedPart(9).limit(playlist(5, 9)))).toEqual([[5, 6, 7], true])
  })

  it("is what a sliding playlist has had, each segment counted once", () => {
    const asked = new AskedPart(20)
    expect(seen(asked.limit(playlist(5, 3)))).toEqual([[5, 6, 7], false])
    expect(seen(asked.limit(playlist(5, 3)))).toEqual([[5, 6, 7], false])
    expect(seen(asked.limit(playlist(6, 3)))).toEqual([[6, 7, 8], false])
    expect(seen(asked.limit(playlist(8, 3)))).toEqual([[8, 9], true])
  })
})
