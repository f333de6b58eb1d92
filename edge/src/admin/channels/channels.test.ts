import { env } from "cloudflare:workers"
import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import type { AdminRow } from "@tributary/shared/snapshot/manifest"
import { keys, objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { edgeOf } from "../../edge.ts"
import { errorCode, startAfresh } from "../../test-support/edge-under-test.ts"
import { addSources, redis } from "../../test-support/store.ts"
import { askAsAdmin, pointTo, putRows, row } from "../admin-fixture.ts"
import { readPages } from "./admin-pages.ts"

beforeEach(startAfresh)

interface Page {
  total: number
  offset: number
  limit: number
  channels: (AdminRow & { edit: ChannelEdit | null })[]
}

async function list(query = ""): Promise<Page> {
  const response = await askAsAdmin(`/channels${query}`)
  expect(response.status).toBe(200)
  return response.json()
}
const ids = async (query: string) => (await list(query)).channels.map(({ id }) => id)
const setEdit = (id: string, edit: ChannelEdit) => redis.hset(keys.edits, { [id]: JSON.stringify(edit) })

const rows = [
  row(100_000_001, { name: "Das Erste", groups: ["News", "Vollprogramm"], tvgId: "ard.de" }),
  row(100_000_002, { name: "ＺＤＦ neo", groups: ["Series"] }),
  row(100_000_003, { name: "BBC News", groups: ["NEWS "], hidden: true }),
  row(100_000_004, { name: "100000001 Radio" }),
  row(100_000_005, { kind: "movie", name: "The News, a movie", groups: ["News"] }),
  row(100_000_006, { kind: "series", name: "Das Boot" }),
  row(100_000_007, { kind: "episode", name: "Das Boot S01E01" }),
]
const allIds = rows.map(({ id }) => id)

describe("GET /api/channels", () => {
  it("is empty before the first import", async () => {
    expect(await list()).toEqual({ total: 0, offset: 0, limit: 100, channels: [] })
    expect(await list("?search=x")).toMatchObject({ total: 0, channels: [] })
  })

  it("lists all rows in the playlist's order, hidden ones too, each with its edit", async () => {
    await putRows(rows)
    const edit = { name: "ARD", groups: [] }
    await setEdit("100000001", edit)
    await setEdit("100000999", { name: "vanished" })
    expect(await list()).toEqual({
      total: 7,
      offset: 0,
      limit: 100,
      channels: rows.map((one) => ({ ...one, edit: one.id === "100000001" ? edit : null })),
    })
  })

  it.each([1, 2, 3, 7, 10])("gives any part of the rows, pages having %i each", async (perPage) => {
    await putRows(rows, { perPage })
    for (let offset = 0; offset <= 8; offset++)
      for (const limit of [1, 2, 3, 500]) {
        const page = await list(`?offset=${offset}&limit=${limit}`)
        expect(page).toMatchObject({ total: 7, offset, limit })
        expect(page.channels.map(({ id }) => id)).toEqual(allIds.slice(offset, offset + limit))
      }
  })

  it("reads pages wherever they lie in the packs", async () => {
    for (const packOf of [(page: number) => page, (page: number) => page % 2, (page: number) => 2 - page]) {
      await startAfresh()
      await putRows(rows, { packOf })
      expect(await ids("")).toEqual(allIds)
      expect(await ids("?search=das")).toEqual(["100000001", "100000006", "100000007"])
    }
  })

  it("joins no reads of pages that do not lie side by side", async () => {
    const same = rows.slice(0, 2)
    // As long as the page before it in the other pack, so that the third page begins where the second ends.
    await putRows([...same, ...same, ...rows.slice(4, 6)], { perPage: 2, packOf: (page) => (page + 1) % 2 })
    expect(await ids("")).toEqual([...same, ...same, ...rows.slice(4, 6)].map(({ id }) => id))
    const manifest = await putRows(rows)
    manifest.admin.pages.reverse()
    const pages: string[] = []
    for await (const page of readPages(env.SNAPSHOTS, manifest)) pages.push(page)
    expect(pages.reverse().join("")).toBe(rows.map((one) => `${JSON.stringify(one)}\n`).join(""))
  })

  it.each([
    ["search=das%20BOOT", ["100000006", "100000007"]],
    ["search=zdf", ["100000002"]],
    ["search=news", ["100000003", "100000005"]],
    ["search=100000001", ["100000001", "100000004"]],
    ["search=ard.de", []],
    ["search=", allIds],
    ["search=%20%C2%A0", allIds],
    ["search=100000003%20", ["100000003"]],
    ["group=News", ["100000001", "100000003", "100000005"]],
    ["group=new", []],
    ["kind=movie", ["100000005"]],
    ["kind=live", ["100000001", "100000002", "100000003", "100000004"]],
    ["hidden=true", ["100000003"]],
    ["hidden=false&kind=live", ["100000001", "100000002", "100000004"]],
    ["group=news&search=news&kind=movie&hidden=false", ["100000005"]],
    ["search=nothing", []],
  ])("finds by %s", async (query, found) => {
    await putRows(rows)
    expect(await ids(`?${query}`)).toEqual(found)
  })

  it("gives any part of what it finds, and the total", async () => {
    await putRows(rows)
    for (const [offset, limit, found] of [
      [0, 2, ["100000001", "100000006"]],
      [1, 1, ["100000006"]],
      [2, 9, ["100000007"]],
      [3, 9, []],
    ] as const) {
      const page = await list(`?search=das&offset=${offset}&limit=${limit}`)
      expect(page).toMatchObject({ total: 3, offset, limit })
      expect(page.channels.map(({ id }) => id)).toEqual(found)
    }
  })

  it.each([
    ["limit=501", "limit: must be from 1 to 500"],
    ["limit=0", "limit: must be from 1 to 500"],
    ["limit=x", "limit: must be a whole number"],
    ["offset=-1", "offset: must be a whole number"],
    ["kind=film", 'kind: must be "live", "movie", "series" or "episode"'],
    ["hidden=yes", 'hidden: must be "true" or "false"'],
    ["sort=name", "sort: unknown key"],
  ])("says what is wrong with %s", async (query, message) => {
    const response = await askAsAdmin(`/channels?${query}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: { code: "bad_request", message } })
  })

  it.each([
    ["", 2],
    ["?search=das", 1],
  ])("reads the next snapshot when the one it knows is gone: %s", async (query, total) => {
    const old = await putRows(rows)
    const next = await putRows(rows.slice(0, 2))
    const { snapshots } = await edgeOf(env)
    await pointTo(old.snapshot)
    snapshots.forgetPointer()
    expect(await ids("")).toEqual(allIds)
    await pointTo(next.snapshot)
    await env.SNAPSHOTS.delete(objects.pack(old.snapshot, 0))
    expect(await list(query)).toMatchObject({ total })
  })
})

describe("GET /api/channels/{id}", () => {
  it("gives the address of a logo that we serve, as the list does", async () => {
    const elsewhere = row(100_000_002, { logo: "http://logos.example/100000002" })
    await putRows([row(100_000_001, { logo: "100000001" }), elsewhere])
    const logos = (await list()).channels.map(({ logo }) => logo)
    expect(logos).toEqual([`${env.BASE_URL}/logo/100000001`, "http://logos.example/100000002"])
    const one = await (await askAsAdmin("/channels/100000001")).json<AdminRow>()
    expect(one.logo).toBe(logos[0])
  })

  it("gives the row with its edit, of hidden channels too", async () => {
    await putRows(rows)
    await setEdit("100000003", { hidden: true })
    for (const [one, edit] of [
      [rows[0], null],
      [rows[2], { hidden: true }],
      [rows[6], null],
    ] as const) {
      const response = await askAsAdmin(`/channels/${one?.id}`)
      expect(response.status).toBe(200)
      const state = one?.hidden ? {} : { health: null, passedOver: [] }
      const feeds = one?.feeds.map((feed) => ({ ...feed, ...state }))
      expect(await response.json()).toEqual({ ...one, feeds, edit })
    }
  })

  it("says what stands in the way of its feeds: failures, and profiles that cannot open them", async () => {
    await putRows(rows)
    await addSources({
      ...{ id: "acme", type: "m3u", url: "http://list.example/list.m3u" },
      profiles: [{ name: "Second", username: "two", password: "secret" }],
    })
    const health = { failures: 6, blocks: 2, blockedUntil: 1_900_000_000_000 }
    await redis.set(keys.feedHealth("feed-100000001"), JSON.stringify(health))
    const answer = await askAsAdmin("/channels/100000001")
    expect(await answer.json()).toMatchObject({
      feeds: [{ id: "feed-100000001", health, passedOver: [{ profile: "primary", reason: "no_login" }] }],
    })
  })

  it("gives what is stored of a channel that the snapshot does not have", async () => {
    await putRows(rows)
    await setEdit("200000001", { name: "vanished" })
    await setEdit("100000001", { merge: ["200000002"] })
    const answer = async (id: string) => (await askAsAdmin(`/channels/${id}`)).json()
    expect(await answer("200000001")).toEqual({
      id: "200000001",
      absent: true,
      mergedInto: null,
      edit: { name: "vanished" },
    })
    expect(await answer("200000002")).toEqual({
      id: "200000002",
      absent: true,
      mergedInto: "100000001",
      edit: null,
    })
  })

  it.each(["200000009", "x", "feed-100000001", "constructor", "Das%20Erste", "%22"])(
    "says that there is no channel %s",
    async (id) => {
      await putRows(rows)
      const response = await askAsAdmin(`/channels/${id}`)
      expect(response.status).toBe(404)
      expect(await errorCode(response)).toBe("unknown_channel")
    },
  )
})
