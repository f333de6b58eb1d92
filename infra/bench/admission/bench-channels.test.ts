import { describe, expect, it } from "vitest"
import { readPlaylist } from "../../e2e/system/playlist.ts"
import { radioIn, radioList, televisionIn } from "./bench-channels.ts"

const account = { server: "http://panel.test", username: "many", password: "secret" }
const playlist = readPlaylist(
  [
    '#EXTINF:-1 group-title="Radio",Bench radio 2',
    "http://edge.test/stream/222.ts?username=ann",
    '#EXTINF:-1 group-title="News",World Report 24',
    "http://edge.test/stream/333.ts?username=ann",
    '#EXTINF:-1 group-title="Radio",Tributary Radio',
    "http://edge.test/stream/444.ts?username=ann",
  ].join("\n"),
)

describe("the channels of the bench", () => {
  it("have an address of their own each, for the same radio", () => {
    const addresses = [...radioList(3, account)].join("").match(/^http.*$/gm) ?? []
    expect(addresses).toHaveLength(3)
    expect(new Set(addresses).size).toBe(3)
    expect(new Set(addresses.map((address) => new URL(address).pathname))).toEqual(
      new Set(["/live/many/secret/107.ts"]),
    )
  })

  it("are found again in a playlist", () => {
    expect(radioIn(playlist, account)).toEqual([
      { id: "222", providerUrl: "http://panel.test/live/many/secret/107.ts?n=2" },
    ])
    expect(televisionIn(playlist, account)).toEqual([
      { id: "333", providerUrl: "http://panel.test/live/many/secret/102.ts" },
    ])
  })
})
