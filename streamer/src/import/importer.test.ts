import type { ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { claimImport, endClaim, extendClaim } from "@tributary/shared/import/claim"
import { keys, publishJob } from "@tributary/shared/store/keys"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { smallChannels } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import {
  type DemoProvider,
  startDemoProvider,
} from "../../../infra/local/demo-provider/start-demo-provider.ts"
import type { Importer } from "./importer.ts"
import { eventually, startImporterFixture, startListServer } from "./importer-fixture.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 120_000 })

const login = { username: "ann-of-panel", password: "p4ss/w:rd@+" }
let fixture: Awaited<ReturnType<typeof startImporterFixture>>
let demo: DemoProvider
let lists: Awaited<ReturnType<typeof startListServer>>
let importer: Importer
let list = ""

beforeAll(async () => {
  ;[fixture, demo, lists] = await Promise.all([
    startImporterFixture(),
    startDemoProvider({
      // Rendering is the same for every run, so it is kept.
      dataDir: join(tmpdir(), "tributary-demo-loops"),
      channels: smallChannels,
      movieSeconds: 2,
      accounts: [login],
    }),
    startListServer(() => undefined),
  ])
})
afterAll(async () => {
  await Promise.allSettled([fixture?.close(), demo?.close(), lists?.close()])
})

const channels = (...names: string[]) =>
  `#EXTM3U\n${names.map((name) => `#EXTINF:-1 tvg-id="${name}.id" group-title="Group",${name}\nhttp://feeds.test/${name}\n`).join("")}`

beforeEach(async () => {
  demo.clearFaults()
  list = channels("One", "Two", "Three", "Four")
  lists.state.answer = (_request, response) => response.end(list)
  lists.state.requests = 0
  importer = await fixture.importer()
})
afterEach(async () => {
  await importer.close()
  // What is published is that of the sources, so the next test's import replaces it.
  await fixture.save([])
  await fixture.redis.del(keys.importsDue, keys.importsRunning, keys.importsStatus)
})

async function importNow(...working: Importer[]): Promise<void> {
  for (const one of working) one.look()
  await fixture.settled(...working)
}
const source = (id: string, more: object = {}) => ({ id, type: "m3u", url: `${lists.url}/list.m3u`, ...more })
const published = async () => (await fixture.client.currentManifest())?.channels
const snapshot = async () => (await fixture.client.currentManifest())?.snapshot
const error = async (id: string) => (await fixture.statuses()).get(id)?.error
const served = async (path?: string) => {
  const { text } = await fixture.playlist(path)
  return [...text.matchAll(/^#EXTINF:.*,(.*)$/gm)].map(([, name]) => name)
}
const ids = async () => {
  const { text } = await fixture.playlist()
  return Object.fromEntries(
    [...text.matchAll(/,(.*)\n.*\/stream\/(\d+)\.ts/g)].map(([, name, id]) => [name, id]),
  )
}

describe("an import", () => {
  it("of a channel list and of an Xtream account is published together and served", async () => {
    list = channels("One & Only", "Só ~ Ñ", "日本")
    await fixture.save([
      source("list", { order: 1 }),
      { id: "panel", type: "xtream", url: demo.url, ...login, order: 2 },
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
    expect((await fixture.statuses()).size).toBe(0)
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
    expect([...(await fixture.statuses()).keys()]).toEqual([])
    expect(await published()).toBe(0)
  })
})

describe("several importers", () => {
  it("import a source once, whoever comes first", async () => {
    const others = await Promise.all([fixture.importer(), fixture.importer()])
    for (let round = 1; round <= 2; round++) {
      await fixture.save([source("list")])
      await importNow(importer, ...others)
      expect(lists.state.requests).toBe(round)
    }
    expect(await published()).toBe(4)
    await Promise.all(others.map((other) => other.close()))
  })

  it("give way to the one that has the claim by now, which alone stores a catalogue", async () => {
    const asked = Promise.withResolvers<ServerResponse>()
    lists.state.answer = (_request, response) => asked.resolve(response)
    await fixture.save([source("list")])
    importer.look()
    const slow = await asked.promise
    lists.state.answer = (_request, response) => response.end(channels("New One", "New Two"))
    // As if its claim had run out while it stood still.
    await fixture.makeDue("list")
    const other = await fixture.importer()
    await importNow(other)
    expect(await published()).toBe(2)
    slow.end(list)
    await eventually(() => importer.running.length === 0)
    await importNow(importer, other)
    expect(await published()).toBe(2)
    expect((await fixture.statuses()).get("list")).toMatchObject({ phase: "done", entries: 2, error: null })
    await other.close()
  })
})

describe("a job that becomes due again while it runs", () => {
  it("ends, and is done once more: an import", async () => {
    const asked = Promise.withResolvers<ServerResponse>()
    lists.state.answer = (_request, response) => asked.resolve(response)
    await fixture.save([source("list")])
    importer.look()
    const response = await asked.promise
    await fixture.makeDue("list")
    importer.look()
    await eventually(async () => ((await fixture.due("list")) ?? 0) > 0)
    lists.state.answer = (_request, next) => next.end(channels("One", "Two", "Three"))
    response.end(list)
    await importNow(importer)
    expect(lists.state.requests).toBe(2)
    expect(await published()).toBe(3)
    expect(await fixture.redis.hlen(keys.importsRunning)).toBe(0)
  })

  it("ends, and is done once more: publishing", async () => {
    await fixture.save([source("list")])
    await importNow(importer)
    const before = fixture.logLines.length
    list = channels("One", "Two", "Three", "Four", "Five")
    await fixture.makeDue("list")
    importer.look()
    await eventually(() => importer.running.includes(publishJob))
    await fixture.makeDue(publishJob)
    importer.look()
    await eventually(async () => ((await fixture.due(publishJob)) ?? 0) > 0)
    await importNow(importer)
    expect(await published()).toBe(5)
    expect(fixture.logLines.slice(before).filter((line) => /warn|error/i.test(line))).toEqual([])
    expect(await fixture.redis.hlen(keys.importsRunning)).toBe(0)
  })
})

describe("a worker thread that dies", () => {
  it("is a failed import that is tried again", async () => {
    await fixture.save([source("list")])
    // Nothing a provider sends does this; a text that no regular expression can be made of does.
    const record = JSON.parse((await fixture.redis.hget<string>(keys.sources, "list")) ?? "")
    await fixture.redis.hset(keys.sources, { list: JSON.stringify({ ...record, include: "(" }) })
    await importNow(importer)
    expect(await error("list")).toEqual({
      code: "interrupted",
      message: "the import broke off inside the streamer",
    })
    expect(((await fixture.due("list")) ?? 0) - Date.now()).toBeLessThanOrEqual(15 * 60_000)
    await fixture.redis.hset(keys.sources, { list: JSON.stringify(record) })
    await fixture.makeDue("list")
    await importNow(importer)
    expect(await published()).toBe(4)
  })
})

describe("closing an importer", () => {
  it("in the middle of an import leaves no connection and no thread; its claim runs out, and another takes it", async () => {
    const asked = Promise.withResolvers<ServerResponse>()
    lists.state.answer = (_request, response) => asked.resolve(response)
    await fixture.save([source("list")])
    importer.look()
    const response = await asked.promise
    const gone = new Promise((resolve) => response.once("close", resolve))
    await importer.close()
    await importer.close()
    await gone
    expect(importer.running).toEqual([])
    expect(threads()).toBe(0)
    expect((await fixture.statuses()).get("list")).toMatchObject({ phase: "fetching", endedAt: null })
    const other = await fixture.importer()
    lists.state.answer = (_request, next) => next.end(list)
    other.look()
    expect(await claimImport(fixture.run, "nobody")).toBeNull()
    await fixture.redis.zadd(keys.importsDue, { score: 1, member: "list" })
    await importNow(other)
    expect(await published()).toBe(4)
    await other.close()
  })

  it("at once after it began to look claims nothing that it does not do", async () => {
    await fixture.save([source("list")])
    importer.look()
    await importer.close()
    expect(threads()).toBe(0)
    expect(lists.state.requests).toBe(0)
  })
})

describe("a claim", () => {
  it("belongs to one token: another can neither extend nor end it", async () => {
    await fixture.save([source("list")])
    expect(await claimImport(fixture.run, "mine")).toBe("list")
    expect(await claimImport(fixture.run, "other")).toBeNull()
    expect(await extendClaim(fixture.run, "list", "other")).toBe(false)
    expect(await endClaim(fixture.run, "list", "other", 0)).toBe(false)
    expect(await extendClaim(fixture.run, "list", "mine")).toBe(true)
    expect(await endClaim(fixture.run, "list", "mine", 0)).toBe(true)
    expect(await claimImport(fixture.run, "other")).toBe("list")
  })
})

/** Worker threads of this process that run now. */
const threads = () =>
  process.getActiveResourcesInfo().filter((name) => name === "MessagePort" || name === "Worker").length
