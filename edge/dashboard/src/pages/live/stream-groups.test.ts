import { describe, expect, it } from "vitest"
import { streamWith } from "./live-fixture.ts"
import { fullTitleOf, groupStreams, inOrder, matching, viewersOf } from "./stream-groups.ts"

const news = streamWith({ id: "7", viewers: 1 })
const newsSmall = streamWith({ id: "7.a", kind: "transcode", transcodeProfile: "480p", viewers: 4 })
const newsElsewhere = streamWith({ id: "7", streamer: "two", viewers: 3, relayOf: "one" })
const sports = streamWith({
  id: "8",
  channel: "8",
  channelName: "Sports",
  bitsPerSecond: 9_000_000,
  viewers: 2,
})
const movie = streamWith({ id: "m", channel: "7", kind: "movie", channelName: "A Movie", bitsPerSecond: 0 })
const groups = groupStreams([movie, newsSmall, newsElsewhere, news, sports])
const ids = (some: typeof groups) => some.map(({ stream: { id, streamer } }) => `${streamer}/${id}`)

describe("streams that run", () => {
  it("have their transcodes under them, on the same streamer", () => {
    expect(ids(groups)).toEqual(["one/m", "two/7", "one/7", "one/8"])
    expect(groups.map(({ transcodes }) => transcodes.map(({ id }) => id))).toEqual([[], [], ["7.a"], []])
  })

  it("leave out no transcode whose stream is not told", () => {
    expect(ids(groupStreams([newsSmall]))).toEqual(["one/7.a"])
  })

  it("are found by names and ids, those of their transcodes too", () => {
    expect(ids(matching(groups, "SPORT"))).toEqual(["one/8"])
    expect(ids(matching(groups, "480p"))).toEqual(["one/7"])
    expect(ids(matching(groups, "two"))).toEqual(["two/7"])
    expect(matching(groups, "  ")).toHaveLength(4)
    expect(matching(groups, "nothing like it")).toEqual([])
  })

  it("are told apart by name", () => {
    expect([news, newsSmall, newsElsewhere].map(fullTitleOf)).toEqual(["News", "News as 480p", "News on two"])
    expect(fullTitleOf(streamWith({ channelName: null }))).toBe("Channel 7")
  })

  it("are in order by all who watch, by bitrate, or by name", () => {
    expect(groups.map(viewersOf)).toEqual([1, 3, 5, 2])
    expect(ids(inOrder(groups, "viewers"))).toEqual(["one/7", "two/7", "one/8", "one/m"])
    expect(ids(inOrder(groups, "bitrate"))).toEqual(["one/8", "one/7", "two/7", "one/m"])
    expect(ids(inOrder(groups, "name"))).toEqual(["one/m", "one/7", "two/7", "one/8"])
  })
})
