import { categoryId } from "@tributary/shared/catalogue/category-id"
import { beforeAll, describe, expect, it } from "vitest"
import type { TestChannel } from "../test-support/catalogue.ts"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers } from "../test-support/store.ts"

const channels: TestChannel[] = [
  { id: "101", name: "News", groups: ["World"], ownLogo: true },
  { id: "102", name: 'Cartoons "stream_id":101', groups: ["Kids"] },
  { id: "103", name: "Cars", groups: ["Kids", "World"] },
  { id: "201", name: "Movie", kind: "movie", groups: ["Films", "Kids"] },
  { id: "202", name: "Film", kind: "movie", groups: ["Films"] },
  { id: "301", name: "Series", kind: "series", groups: ["Kids", "Shows"] },
  { id: "302", name: "Show", kind: "series", groups: ["Shows"] },
  { id: "401", name: "Episode", kind: "episode", groups: ["Shows"] },
]

beforeAll(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret" },
    { username: "kid", password: "k", groups: ["Kids", "World", "Films", "Shows"] },
    { username: "world", password: "w", groups: ["World"] },
    { username: "nobody", password: "n", groups: [] },
  )
  await publishChannels("1", channels)
})

const login = {
  ann: "username=ann&password=secret",
  kid: "username=kid&password=k",
  world: "username=world&password=w",
}

async function call<T = Record<string, unknown>[]>(query: string, who = login.ann): Promise<T> {
  const response = await ask(`/player_api.php?${who}&${query}`)
  expect(response.status).toBe(200)
  return response.json<T>()
}
const ids = (rows: Record<string, unknown>[]) =>
  rows.map(({ stream_id, series_id }) => stream_id ?? series_id)

describe("categories", () => {
  it.each([
    ["get_live_categories", ["Kids", "World"]],
    ["get_vod_categories", ["Films", "Kids"]],
    ["get_series_categories", ["Kids", "Shows"]],
  ])("%s are the section's groups", async (action, names) => {
    expect(await call(`action=${action}`)).toEqual(
      names.map((name) => ({ category_id: categoryId(name), category_name: name, parent_id: 0 })),
    )
  })

  it("are those the viewer may see", async () => {
    expect(await call("action=get_live_categories", login.world)).toMatchObject([{ category_name: "World" }])
    expect(await call("action=get_vod_categories", login.world)).toEqual([])
  })
})

describe("lists", () => {
  it.each([
    ["get_live_streams", [101, 102, 103]],
    ["get_vod_streams", [201, 202]],
    ["get_series", [301, 302]],
  ])("%s holds the whole section", async (action, expected) => {
    for (const all of ["", "&category_id=", "&category_id=0"])
      expect(ids(await call(`action=${action}${all}`))).toEqual(expected)
  })

  it.each([
    ["get_live_streams", "World", [101, 103]],
    ["get_vod_streams", "Kids", [201]],
    ["get_series", "Shows", [301, 302]],
    ["get_live_streams", "Films", []],
    ["get_live_streams", "Nothing", []],
  ])("%s of a category: %s", async (action, group, expected) => {
    expect(ids(await call(`action=${action}&category_id=${categoryId(group)}`))).toEqual(expected)
  })

  it("show a viewer their groups, an entry of several groups once", async () => {
    expect(ids(await call("action=get_live_streams", login.kid))).toEqual([102, 103, 101])
    expect(ids(await call("action=get_vod_streams", login.kid))).toEqual([201, 202])
    expect(ids(await call("action=get_series", login.kid))).toEqual([301, 302])
    expect(ids(await call("action=get_live_streams", login.world))).toEqual([101, 103])
    expect(await call("action=get_live_streams", "username=nobody&password=n")).toEqual([])
  })

  it("do not show a category that the viewer may not see", async () => {
    const query = `action=get_live_streams&category_id=${categoryId("Kids")}`
    expect(await call(query, login.world)).toEqual([])
  })

  it("have our address for logos on the provider's server", async () => {
    const [row] = await call("action=get_live_streams")
    expect(row).toMatchObject({ name: "News", stream_icon: "https://tv.example/logo/101" })
  })

  it("are empty before the first import", async () => {
    await startAfresh()
    await addViewers({ username: "ann", password: "secret" })
    for (const action of ["get_live_categories", "get_vod_streams", "get_series"])
      expect(await call(`action=${action}`)).toEqual([])
  })
})
