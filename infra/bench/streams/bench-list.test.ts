import { describe, expect, it } from "vitest"
import { readPlaylist } from "../../e2e/system/playlist.ts"
import { benchList, channelsIn } from "./bench-list.ts"

const account = { server: "http://panel.test", username: "many", password: "secret" }
const channels = [[801, 802], [801]]
const playlist = readPlaylist(
  [
    '#EXTINF:-1 group-title="Bench",Bench channel 1',
    "http://edge.test/stream/222.ts?username=ann",
    '#EXTINF:-1 group-title="Bench",Bench channel 0',
    "http://edge.test/stream/333.ts?username=ann",
  ].join("\n"),
)

describe("the list of the stream benches", () => {
  it("has one name for the feeds of a channel, and no address twice", () => {
    const text = [...benchList(channels, account)].join("")
    expect(text.match(/Bench channel 0$/gm)).toHaveLength(2)
    const addresses = text.match(/^http.*$/gm) ?? []
    expect(addresses).toEqual([
      "http://panel.test/live/many/secret/801.ts?n=0",
      "http://panel.test/live/many/secret/802.ts?n=0",
      "http://panel.test/live/many/secret/801.ts?n=1",
    ])
  })

  it("is found again in a playlist, whatever its order", () => {
    expect(channelsIn(playlist, channels, account)).toEqual([
      {
        path: "/stream/333.ts?username=ann",
        providerUrl: "http://panel.test/live/many/secret/801.ts?n=0",
      },
      {
        path: "/stream/222.ts?username=ann",
        providerUrl: "http://panel.test/live/many/secret/801.ts?n=1",
      },
    ])
  })

  it("is refused when a channel is missing", () => {
    expect(() => channelsIn(playlist, [...channels, [801]], account)).toThrow("no channel 2")
  })
})
