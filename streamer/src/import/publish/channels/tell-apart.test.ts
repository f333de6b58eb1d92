import { describe, expect, it } from "vitest"
import { type CatalogueOptions, catalogueOf, described, entry } from "../test-catalogue.ts"
import { sortChannels } from "./sort-channels.ts"
import { tellApart } from "./tell-apart.ts"

/** Attributes of channels with these attributes, by their names, which are `a`, `b`, … in the playlist's order. */
function apart(attributes: Record<string, string>[], edits: CatalogueOptions["edits"] = {}) {
  const entries = attributes.map((own, at) => entry("abcdefgh"[at] ?? "", `http://feeds.test/${at}`, own))
  const { channels, sources, shaping } = catalogueOf({ s: entries }, { edits })
  const live = sortChannels(channels, "live", shaping)
  tellApart(channels, live, new Map(Object.entries(edits)))
  return Array.from(live, (channel) => described(channels, sources, channel)).map(
    ({ id, attributes: all }) => ({
      id,
      ...Object.fromEntries(all),
    }),
  )
}
const ids = (count: number) => apart(Array.from({ length: count }, () => ({}))).map(({ id }) => id)

describe("channel numbers", () => {
  it("belong to the first channel that has them, however they are written", () => {
    const numbered = apart([
      { "tvg-chno": "7" },
      { "tvg-chno": "007" },
      { "TVG-CHNO": " 7 ", x: "y" },
      { "tvg-chno": "7.1" },
      { "tvg-chno": "70" },
    ])
    expect(numbered.map(({ id: _, ...own }) => own)).toEqual([
      { "tvg-chno": "7" },
      {},
      { x: "y" },
      { "tvg-chno": "7.1" },
      { "tvg-chno": "70" },
    ])
  })

  it("belong to the channel that a user gave them to, wherever it is", () => {
    const [, second = ""] = ids(2)
    const numbered = apart([{ "tvg-chno": "5" }, {}], { [second]: { number: 5 } })
    expect(numbered).toEqual([{ id: expect.any(String) }, { id: second, "tvg-chno": "5" }])
  })
})

describe("channels of one tvg-id", () => {
  it("have their ids beside it, and keep it for the guide; others are as they were", () => {
    const told = apart([
      { "tvg-id": "bbc1" },
      { "tvg-id": "bbc2" },
      { "tvg-id": "bbc1" },
      {},
      { "tvg-id": "" },
    ])
    const [first, , third] = told.map(({ id }) => id)
    expect(told.map(({ id: _, ...own }) => own)).toEqual([
      { "tvg-id": "bbc1", "channel-id": first },
      { "tvg-id": "bbc2" },
      { "tvg-id": "bbc1", "channel-id": third },
      {},
      { "tvg-id": "" },
    ])
  })

  it("are told apart whatever channel-id their source gave them", () => {
    const told = apart([
      { "channel-id": "x", "tvg-id": "bbc1" },
      { "channel-id": "x", "tvg-id": "bbc1" },
    ])
    expect(told.map((channel) => "channel-id" in channel && channel["channel-id"])).toEqual(ids(2))
  })
})
