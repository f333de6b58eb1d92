import { beforeAll, describe, expect, it } from "vitest"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers } from "../test-support/store.ts"

beforeAll(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret", maxStreams: 2 },
    { username: "kid", password: "k", groups: ["Kids", "World"] },
    { username: "nobody", password: "n", groups: [] },
  )
  await publishChannels("1", [
    { id: "101", name: "News", groups: ["World"], ownLogo: true },
    { id: "102", name: 'Cartoons "stream_id":9', groups: ["Kids", "World"] },
    { id: "103", name: "Cars", groups: ["World"] },
    { id: "201", name: "Movie", kind: "movie", groups: ["Films"] },
    { id: "301", name: "Series", kind: "series", groups: ["Films"] },
  ])
})

interface Panel {
  user_info: Record<string, unknown>
  categories: Record<string, { category_name: string }[]>
  available_channels: Record<string, Record<string, unknown>>
}
const panel = async (query: string) => (await ask(`/panel_api.php?${query}`)).json<Panel>()

describe("panel_api.php", () => {
  it("has login, categories and every stream by its id in one answer", async () => {
    const answer = await panel("username=ann&password=secret")
    expect(answer).toMatchObject({
      user_info: { auth: 1, max_connections: "2" },
      server_info: { timezone: "UTC" },
      categories: {
        live: [{ category_name: "Kids" }, { category_name: "World" }],
        movie: [{ category_name: "Films" }],
        series: [{ category_name: "Films" }],
      },
    })
    expect(Object.keys(answer.available_channels)).toEqual(["101", "102", "103", "201"])
    expect(answer.available_channels["101"]).toMatchObject({
      ...{ live: "1", type_name: "Live Streams", container_extension: "ts", stream_id: 101, name: "News" },
      stream_icon: "https://tv.example/logo/101",
    })
    expect(answer.available_channels["201"]).toMatchObject({ live: "0", stream_id: 201, name: "Movie" })
  })

  it("shows a viewer their own groups", async () => {
    const kid = await panel("username=kid&password=k")
    expect(Object.keys(kid.available_channels)).toEqual(["101", "102", "103"])
    expect((await panel("username=nobody&password=n")).available_channels).toEqual({})
  })

  it("refuses as the other one does, and takes posts", async () => {
    expect(await panel("username=ann&password=wrong")).toEqual({ user_info: { auth: 0 } })
    const body = new URLSearchParams({ username: "ann", password: "secret" })
    expect(await (await ask("/panel_api.php", { method: "POST", body })).json()).toMatchObject({
      user_info: { auth: 1 },
    })
  })

  it("has no streams before the first import", async () => {
    await startAfresh()
    await addViewers({ username: "ann", password: "secret" })
    expect(await panel("username=ann&password=secret")).toMatchObject({
      categories: { live: [], movie: [], series: [] },
      available_channels: {},
    })
  })
})
