import type { ServerResponse } from "node:http"
import { claimImport, endClaim, extendClaim } from "@tributary/shared/import/claim"
import { keys, publishJob } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { eventually } from "./importer-fixture.ts"
import {
  channels,
  error,
  fixture,
  importer,
  importNow,
  lists,
  published,
  source,
  useImporter,
} from "./test-importer.ts"

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })
useImporter()

let list = ""

beforeEach(() => {
  list = channels("One", "Two", "Three", "Four")
  lists.state.answer = (_request, response) => response.end(list)
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

  it("goes on, although its importer hears of the new claim only after it has asked about the old one", async () => {
    const asked = Promise.withResolvers<ServerResponse>()
    const heard = Promise.withResolvers<void>()
    let extensions = 0
    let isSlow = false
    const slow = await fixture.importer(Date.now, async (name, names, values) => {
      if (name === "settleImport") extensions++
      const reply = await fixture.run(name, names, values)
      if (name === "claimImport" && isSlow) await heard.promise
      return reply
    })
    lists.state.answer = (_request, response) => asked.resolve(response)
    await fixture.save([source("list")])
    slow.look()
    const response = await asked.promise
    const token = await fixture.redis.hget(keys.importsRunning, "list")
    isSlow = true
    await fixture.makeDue("list")
    slow.look()
    await eventually(async () => (await fixture.redis.hget(keys.importsRunning, "list")) !== token)
    response.end(list)
    await eventually(() => extensions > 0)
    lists.state.answer = (_request, next) => next.end(channels("One", "Two", "Three"))
    heard.resolve()
    await importNow(slow)
    expect(lists.state.requests).toBe(2)
    expect(await published()).toBe(3)
    await slow.close()
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
