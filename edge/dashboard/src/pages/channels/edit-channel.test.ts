import { QueryClient } from "@tanstack/react-query"
import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { beforeEach, describe, expect, it } from "vitest"
import { channelQuery, rowPageQuery } from "./channel-queries.ts"
import { noteEdits } from "./edit-channel.ts"
import { noFilters } from "./filters/channel-filters.ts"
import { publicationQuery } from "./publication.ts"

const row = (id: string): ChannelRow => ({
  id,
  kind: "live",
  name: id,
  groups: [],
  tvgId: "",
  logo: "",
  number: null,
  feeds: [],
  hidden: false,
  guide: false,
  edit: { number: 1 },
})
const page = (...ids: string[]) => ({
  total: 4,
  offset: 0,
  limit: 2,
  channels: ids.map(row),
  filters: noFilters,
})
const client = new QueryClient()
const edits = (number: number) =>
  client.getQueryData(rowPageQuery(noFilters, number).queryKey)?.channels.map(({ edit }) => edit)

beforeEach(() => {
  client.clear()
  client.setQueryData(rowPageQuery(noFilters, 0).queryKey, page("1", "2"))
  client.setQueryData(rowPageQuery(noFilters, 1).queryKey, page("3", "4"))
  client.setQueryData(channelQuery("2").queryKey, row("2"))
})

describe("edits that were stored", () => {
  it("show wherever their channels are shown, taken-back ones too", () => {
    noteEdits(client, [
      { id: "2", edit: { name: "Two" } },
      { id: "3", edit: null },
    ])
    expect(edits(0)).toEqual([{ number: 1 }, { name: "Two" }])
    expect(edits(1)).toEqual([null, { number: 1 }])
    expect(client.getQueryData(channelQuery("2").queryKey)?.edit).toEqual({ name: "Two" })
  })

  it("leave other rows the objects that they are, so that they are not drawn again", () => {
    const before = client.getQueryData(rowPageQuery(noFilters, 0).queryKey)?.channels[0]
    noteEdits(client, [{ id: "2", edit: { name: "Two" } }])
    expect(client.getQueryData(rowPageQuery(noFilters, 0).queryKey)?.channels[0]).toBe(before)
  })

  it("make up no channel that was not asked for", () => {
    noteEdits(client, [{ id: "9", edit: { name: "Nine" } }])
    expect(client.getQueryData(channelQuery("9").queryKey)).toBeUndefined()
  })

  it("are waited for to be published", () => {
    noteEdits(client, [{ id: "2", edit: null }])
    expect(client.getQueryData(publicationQuery.queryKey)).toEqual({ kind: "waiting" })
  })
})
