import type { ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { guideJob, keys, publishJob } from "@tributary/shared/store/keys"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { smallChannels } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import {
  type DemoProvider,
  startDemoProvider,
} from "../../../infra/local/demo-provider/start-demo-provider.ts"
import { eventually } from "./importer-fixture.ts"
import {
  channels,
  error,
  fixture,
  ids,
  importer,
  importNow,
  lists,
  published,
  served,
  snapshot,
  source,
  useImporter,
} from "./test-importer.ts"

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })
useImporter()

const login = { username: "ann-of-panel", password: "p4ss/w:rd@+" }
let demo: DemoProvider
let list = ""

beforeAll(async () => {
  demo = await startDemoProvider({
    // Rendering is the same for every run, so it is kept.
    dataDir: join(tmpdir(), "tributary-demo-loops"),
    channels: smallChannels,
    movieSeconds: 2,
    accounts: [login],
  })
})
afterAll(() => demo?.close())
beforeEach(() => {
  demo.clearFaults()
  list = channels("One", "Two", "Three", "Four")
  lists.state.answer = (_request, response) => response.end(list)
})

describe("an import", () => {
  it("of a channel list and of an Xtream account is published together and served", async () => {
    list = channels("One & Only", "Só ~ Ñ", "日本")
    await fixture.save([
      source("list", { order: 1 }),
      { id: "panel", type: "xtream", url: demo.url, ...login, order: 2, vod: false, series: false },
    ])
    await importNow(importer)
    const status = await fixture.statuses()
    expect(status.get("list")).toMatchObject({ phase: "done", entries: 3, keptEntries: 3, error: null })
    expect(status.get("panel")).toMatchObject({ phase: "done", entries: 3, error: null })
    expect(status.get("list")?.bytes).toBe(Buffer.byteLength(list))
    await eventually(async () => (await served()).length === 5)
    expect(await served()).toEqual(["One & Only", "Radio Three", "Só ~ Ñ", "Two", "日本"])
    expect(await served("/kids/playlist.m3u8")).toEqual(["Two"])
    const channel = await fixture.client.channel(String((await ids())["One & Only"]))
    expect(channel?.feeds.map((feed) => feed.source)).toEqual(["list", "panel"])
    expect(
      JSON.parse((await fixture.redis.hget<string>(keys.reports("panel"), "primary")) ?? ""),
    ).toMatchObject({
      maxConnections: 1,
      status: "active",
    })
  })

  it("reports the account, but not when that was asked so long ago that its connections may have ended", async () => {
    let now = Date.now()
    const slow = await fixture.importer(() => {
      now += 20_000
      return now
    })
    await fixture.save([{ id: "panel", type: "xtream", url: demo.url, ...login, vod: false, series: false }])
    const report = () => fixture.redis.hget<string>(keys.reports("panel"), "primary")
    await importNow(slow)
    expect(await report()).toBeNull()
    expect(Number(await fixture.redis.zscore(keys.profilesDue, "panel/primary"))).toBe(0)
    await fixture.makeDue("panel")
    await importNow(importer)
    expect(JSON.parse((await report()) ?? "")).toMatchObject({ maxConnections: 1, activeConnections: 0 })
    const due = Number(await fixture.redis.zscore(keys.profilesDue, "panel/primary"))
    expect(due).toBeGreaterThan(Date.now() + 60_000)
    await slow.close()
  })

  it("leaves neither login nor address of a panel in objects, logs or status", async () => {
    const query = new URLSearchParams({ ...login, type: "m3u_plus", output: "ts" })
    await fixture.save([
      { id: "panel", type: "xtream", url: demo.url, ...login },
      { id: "list", type: "m3u", url: `${demo.url}/get.php?${query}`, ...login },
    ])
    await importNow(importer)
    expect((await fixture.statuses()).get("list")).toMatchObject({ phase: "done", error: null })
    demo.setFault("m3u", { kind: "status", status: 500 })
    demo.setFault("api", { kind: "html" })
    await Promise.all(["panel", "list"].map((id) => fixture.makeDue(id)))
    await importNow(importer)
    expect(await error("list")).toMatchObject({ code: "http_status" })
    expect(await error("panel")).toMatchObject({ code: "not_xtream" })
    const written = [
      ...(await fixture.storedBytes()),
      ...fixture.logLines,
      JSON.stringify([...(await fixture.statuses())]),
      (await fixture.playlist()).text,
    ]
    expect(written.some((text) => text.includes("Radio Three"))).toBe(true)
    const { host } = new URL(demo.url)
    for (const secret of [login.password, encodeURIComponent(login.password), login.username, host])
      expect(
        written.filter((text) => text.includes(secret)).map((text) => text.slice(0, 400)),
        secret,
      ).toEqual([])
  })

  it("that fails, comes empty, shrinks or is another thing keeps the old feeds and says why", async () => {
    await fixture.save([source("list")])
    await importNow(importer)
    await eventually(async () => (await served()).length === 4)
    const before = await snapshot()
    const cases: [string, string, (response: ServerResponse) => void][] = [
      ["http_status", "404", (response) => response.writeHead(404).end()],
      ["empty", "empty answer", (response) => response.end()],
      ["shrunken", "from 4 to 1", (response) => response.end(channels("One"))],
      ["not_a_playlist", "web page", (response) => response.end("<html>login</html>")],
    ]
    for (const [code, words, answer] of cases) {
      lists.state.answer = (_request, response) => answer(response)
      await fixture.makeDue("list")
      await importNow(importer)
      expect((await fixture.statuses()).get("list")).toMatchObject({
        phase: "failed",
        keptEntries: 4,
        error: { code, message: expect.stringContaining(words) },
      })
      const due = (await fixture.due("list")) ?? 0
      expect(due - Date.now()).toBeLessThanOrEqual(15 * 60_000)
      expect(await snapshot()).toBe(before)
    }
    expect(await served()).toHaveLength(4)
    lists.state.answer = (_request, response) => response.end(channels("One", "Two"))
    await fixture.makeDue("list")
    await importNow(importer)
    expect((await fixture.statuses()).get("list")).toMatchObject({
      phase: "done",
      keptEntries: 2,
      error: null,
    })
  })

  it("of one source does not wait for another that fails", async () => {
    await fixture.save([source("good"), { id: "gone", type: "m3u", url: "http://127.0.0.1:1/list.m3u" }])
    await importNow(importer)
    expect(await error("gone")).toMatchObject({ code: "unreachable" })
    expect(await published()).toBe(4)
  })

  it("that brings nothing new publishes nothing, and keeps every id", async () => {
    await fixture.save([source("list")])
    await importNow(importer)
    const first = await snapshot()
    await eventually(async () => (await served()).length === 4)
    const before = await ids()
    await fixture.makeDue("list")
    await importNow(importer)
    expect(lists.state.requests).toBe(2)
    expect(await snapshot()).toBe(first)
    list = channels("Zero", "Four", "Two", "Three", "One")
    await fixture.makeDue("list")
    await importNow(importer)
    expect(await snapshot()).not.toBe(first)
    await eventually(async () => (await served()).length === 5)
    expect(await ids()).toMatchObject(before)
  })

  it("reads the source as it was saved last, not as it was when the importer started", async () => {
    await fixture.save([source("list")])
    await importNow(importer)
    expect(await published()).toBe(4)
    await fixture.save([source("list", { exclude: "Two" })])
    await importNow(importer)
    expect(await published()).toBe(3)
  })
})

describe("the channels of a source", () => {
  it("disappear when it is removed, and when all are", async () => {
    lists.state.answer = (request, response) =>
      response.end(request.url === "/b" ? channels("Two", "Five") : channels("One", "Two"))
    const [a, b] = [source("a"), source("b", { url: `${lists.url}/b`, order: 2 })]
    await fixture.save([a, b])
    await importNow(importer)
    await eventually(async () => (await served()).length === 3)
    const two = String((await ids()).Two)
    await fixture.save([b])
    await importNow(importer)
    await eventually(async () => (await served()).length === 2)
    expect(await served()).toEqual(["Five", "Two"])
    expect((await ids()).Two).toBe(two)
    expect((await fixture.client.channel(two))?.feeds.map((feed) => feed.source)).toEqual(["b"])
    await fixture.save([])
    await importNow(importer)
    expect(await published()).toBe(0)
    await eventually(async () => (await served()).length === 0)
    expect([...(await fixture.statuses()).keys()]).toEqual([publishJob])
  })

  it("leave no status behind when it is removed during its import", async () => {
    const asked = Promise.withResolvers<ServerResponse>()
    lists.state.answer = (_request, response) => asked.resolve(response)
    await fixture.save([source("list")])
    importer.look()
    const response = await asked.promise
    await fixture.save([])
    response.end(list)
    await importNow(importer)
    expect([...(await fixture.statuses()).keys()]).toEqual([publishJob])
    expect(await published()).toBe(0)
  })
})

describe("the guide of a source", () => {
  it("goes from the playlist's guide when the source names none any more", async () => {
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10).replaceAll("-", "")
    const guide = `<tv><channel id="one"><display-name>One</display-name></channel>
      <programme channel="one" start="${day}000000 +0000" stop="${day}010000 +0000"><title>Later</title></programme></tv>`
    lists.state.answer = (request, response) => response.end(request.url === "/guide.xml" ? guide : list)
    await fixture.save([source("list", { epgUrl: `${lists.url}/guide.xml` })])
    await importNow(importer)
    const withGuide = await snapshot()
    expect((await fixture.statuses()).get(guideJob("list"))).toMatchObject({ phase: "done", entries: 1 })
    await fixture.save([source("list")])
    await importNow(importer)
    expect((await fixture.statuses()).has(guideJob("list"))).toBe(false)
    expect(await snapshot()).not.toEqual(withGuide)
  })
})
