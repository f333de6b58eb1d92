import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { play } from "./player/play.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { readPlaylist } from "./system/playlist.ts"
import { type System, startSystem } from "./system/start-system.ts"

let provider: DemoProvider
let system: System
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-xtream-"))
  provider = await startTestProvider({ accounts: [{ username: "one", password: "s3cret-pw" }] })
  const config = await writeConfig(folder, {
    sources: [{ id: "acme", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw" }],
    viewers: [
      { username: "ann", password: "a", maxStreams: 3, expiresAt: "2100-01-01T00:00:00Z" },
      { username: "kid", password: "k", groups: ["Kids"] },
    ],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config } })
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

type Answer = Record<string, Record<string, unknown>>
const api = async (query: string) => (await fetch(`${system.baseUrl}/player_api.php?${query}`)).json()
const ann = "username=ann&password=a"

describe("an Xtream app", () => {
  it("logs in, and is told its limits and this server's address", async () => {
    const { user_info: user, server_info: server } = (await api(ann)) as Answer
    expect(user).toMatchObject({
      username: "ann",
      auth: 1,
      status: "Active",
      exp_date: "4102444800",
      max_connections: "3",
      active_cons: "0",
    })
    expect(server).toMatchObject({
      url: "localhost",
      port: String(system.ports.edge),
      server_protocol: "http",
      timezone: "UTC",
    })
  })

  it("is answered auth 0 with a wrong password, and the login for an unknown action", async () => {
    expect(await api("username=ann&password=wrong")).toEqual({ user_info: { auth: 0 } })
    expect(await api(`${ann}&action=get_nothing`)).toMatchObject({ user_info: { auth: 1 } })
    const posted = await fetch(`${system.baseUrl}/player_api.php`, {
      method: "POST",
      body: new URLSearchParams({ username: "ann", password: "a" }),
    })
    expect(await posted.json()).toMatchObject({ user_info: { auth: 1 } })
  })

  it("lists categories and their channels, with a panel's types", async () => {
    const categories = (await api(`${ann}&action=get_live_categories`)) as Record<string, unknown>[]
    expect(categories.map((one) => one.category_name)).toEqual(["Kids", "Movies", "News", "Radio"])
    const all = (await api(`${ann}&action=get_live_streams`)) as Record<string, unknown>[]
    expect(all).toHaveLength(provider.channels.length)
    const news = categories.find((one) => one.category_name === "News")?.category_id
    const some = (await api(`${ann}&action=get_live_streams&category_id=${news}`)) as Record<
      string,
      unknown
    >[]
    expect(some.map(({ name, category_id, stream_type }) => [name, category_id, stream_type])).toEqual([
      ["Tributary News HD", news, "live"],
      ["World Report 24", news, "live"],
    ])
    expect(some[0]).toMatchObject({
      stream_id: expect.any(Number),
      stream_icon: expect.stringMatching(`^${system.baseUrl}/logo/\\d+$`),
      epg_channel_id: "news.tributary.demo",
      category_ids: [Number(news)],
    })
  })

  it("shows a viewer the groups they may see, and no others", async () => {
    const categories = (await api("username=kid&password=k&action=get_live_categories")) as unknown[]
    expect(categories).toHaveLength(1)
    const streams = (await api("username=kid&password=k&action=get_live_streams")) as { name: string }[]
    expect(streams.map(({ name }) => name)).toEqual(["Cartoon Automata", "Life for Kids"])
  })

  it("plays by the addresses it builds itself", async () => {
    const [stream] = (await api(`${ann}&action=get_live_streams`)) as { stream_id: number }[]
    for (const path of [`live/ann/a/${stream?.stream_id}.ts`, `ann/a/${stream?.stream_id}`])
      expect(await play(`${system.baseUrl}/${path}`, { seconds: 1 })).toMatchObject({
        status: 200,
        aligned: true,
        startsOnKeyframe: true,
      })
    const wrong = await fetch(`${system.baseUrl}/live/ann/b/${stream?.stream_id}.ts`, { redirect: "manual" })
    expect(wrong.status).toBe(401)
  }, 30_000)

  it("gets the playlist at get.php", async () => {
    const answer = await fetch(`${system.baseUrl}/get.php?${ann}&type=m3u_plus&output=ts`)
    const live = readPlaylist(await answer.text()).filter(({ url }) => url.includes("/stream/"))
    expect(live).toHaveLength(provider.channels.length)
  })
})
