import type { ServerResponse } from "node:http"
import { log, startLog } from "@tributary/shared/log/log"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { openClient } from "../../../infra/local/demo-provider/client-for-tests.ts"
import {
  eventually,
  json,
  login,
  loginAnswer,
  query,
  startAccountStore,
  startProvider,
  startServer,
} from "./account-fixture.ts"
import { AccountWatch, type AccountWatchOptions } from "./account-watch.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

let store: Awaited<ReturnType<typeof startAccountStore>>
let provider: Awaited<ReturnType<typeof startProvider>>
let server: Awaited<ReturnType<typeof startServer>>
let lines: string[] = []
let clock = 0
let slept: number[] = []
const watches: AccountWatch[] = []
let watch: AccountWatch

beforeAll(async () => {
  ;[store, provider, server] = await Promise.all([
    startAccountStore(),
    startProvider(),
    startServer(() => undefined),
  ])
  await startLog({ write: (line) => void lines.push(line), debug: true, obfuscate: false })
})
beforeEach(async () => {
  lines = []
  slept = []
  clock = Date.now()
  server.asked = []
  server.answer = json(loginAnswer())
  watch = await newWatch()
})
afterEach(async () => {
  for (const one of watches.splice(0)) await one.close()
  provider.clearFaults()
  provider.setAccount(login.username, { status: "Active" })
  await store.clear()
})
afterAll(() => Promise.all([store?.close(), provider?.close(), server?.close()]))

/** Time passes as it sleeps. */
async function newWatch(changes: Partial<AccountWatchOptions> = {}): Promise<AccountWatch> {
  const made = new AccountWatch({
    ...{ redis: store.redis, run: store.run, config: await store.openConfig() },
    ...{ now: () => clock, random: () => 0.5, logger: log("streamer", "account") },
    sleep: async (milliseconds) => {
      slept.push(milliseconds)
      clock += milliseconds
    },
    ...changes,
  })
  watches.push(made)
  return made
}

/** Looks for what is due, and waits until that is done. */
async function look(): Promise<void> {
  watch.look()
  await idle()
}
const idle = () => eventually(() => expect(watches.every(({ isIdle }) => isIdle)).toBe(true))

const panel = (more: object = {}) => ({ id: "a", type: "xtream", url: provider.url, ...login, ...more })
const list = (more: object = {}) => ({ ...panel(more), type: "m3u" })
const profile = (id: string, more: object = {}) => ({
  id,
  name: id,
  username: id,
  password: "secret",
  ...more,
})

describe("a profile that is due", () => {
  it("is asked about, and what its provider says is in force", async () => {
    await store.save(panel())
    const path = ["live", login.username, login.password, "1.ts"].map(encodeURIComponent).join("/")
    const elsewhere = await openClient(`${provider.url}/${path}`)
    await elsewhere.atLeast(188)
    await look()
    expect(await store.report("a")).toMatchObject({
      ...{ maxConnections: 2, activeConnections: 1, status: "active", expiresAt: null },
      elsewhere: 1,
    })
    expect(await store.dueIn("a")).toBe(900)
    elsewhere.close()
  })

  it("is asked about again soon when its account cannot be used", async () => {
    await store.save(panel())
    for (const status of ["Expired", "Banned", "Disabled"] as const) {
      provider.setAccount(login.username, { status })
      await store.makeDue("a")
      await look()
      expect(await store.report("a")).toMatchObject({ status: status.toLowerCase() })
      expect(await store.dueIn("a")).toBe(300)
    }
  })

  it("is told to have a wrong password until it is saved with the right one", async () => {
    await store.save(panel({ password: "wrong" }))
    await look()
    expect(await store.report("a")).toMatchObject({ status: "wrong_password" })
    expect(await store.dueIn("a")).toBe(300)
    await store.save(panel())
    await look()
    expect(await store.report("a")).toMatchObject({ status: "active" })
  })

  it("is asked about once, whoever looks", async () => {
    const others = await Promise.all([newWatch(), newWatch()])
    await store.save(panel({ url: server.url }))
    for (const one of [watch, ...others, watch]) one.look()
    await idle()
    expect(await store.report("a")).not.toBeNull()
    expect(server.asked).toHaveLength(1)
  })

  it("is not asked about while it is disabled, nor without a login", async () => {
    const off = profile("off", { enabled: false })
    await store.save(panel({ url: server.url, profiles: [off] }), panel({ id: "b", enabled: false }), {
      ...{ id: "open", type: "m3u", url: `${server.url}/tv.m3u` },
    })
    await look()
    expect([await store.dueIn("a"), await store.dueIn("a", "off"), await store.dueIn("b")]).toEqual([
      900, 900, 900,
    ])
    expect(await store.dueIn("open")).toBeNull()
    expect(server.asked).toEqual([`/player_api.php?${query}`])
    expect([await store.report("a", "off"), await store.report("b")]).toEqual([null, null])
  })
})

describe("a server that does not answer", () => {
  it("changes nothing of what was said last, and is asked ever more rarely until it answers", async () => {
    await store.save(panel())
    await look()
    const before = await store.report("a")
    expect(before).toMatchObject({ status: "active" })
    for (const seconds of [60, 120, 240, 480, 900, 900]) {
      provider.setFault("api", seconds === 120 ? { kind: "html" } : { kind: "status", status: 503 })
      clock += 60_000
      await store.makeDue("a")
      await look()
      expect(await store.dueIn("a")).toBe(seconds)
    }
    expect(await store.report("a")).toEqual(before)
    provider.clearFaults()
    clock += 60_000
    await store.makeDue("a")
    await look()
    expect((await store.report("a"))?.at).toBeGreaterThan(before?.at ?? 0)
    provider.setFault("api", { kind: "refuse" })
    await store.makeDue("a")
    await look()
    expect(await store.dueIn("a")).toBe(60)
  })

  it("is not waited for longer than its patience", async () => {
    watch = await newWatch({ patienceMilliseconds: 50 })
    server.answer = () => undefined
    await store.save(panel({ url: server.url }))
    await look()
    expect(await store.dueIn("a")).toBe(60)
    expect(lines.join("")).toContain('"problem":"timeout"')
  })
})

describe("a list whose server is no panel", () => {
  const url = () => `${server.url}/get.php?${query}`

  it("is hardly ever asked about, and nothing is known of it", async () => {
    for (const status of [404, 403]) {
      server.answer = (_, response) => void response.writeHead(status).end()
      await store.save(list({ url: url() }))
      await look()
      expect(await store.dueIn("a")).toBe(21_600)
      expect(await store.report("a")).toBeNull()
    }
  })

  it("keeps the last good report, but is not barred by what a panel said before", async () => {
    await store.save(list({ url: url() }))
    const askAs = async (answer: (typeof server)["answer"], seconds: number) => {
      server.answer = answer
      await store.makeDue("a")
      await look()
      expect(await store.dueIn("a")).toBe(seconds)
    }
    const missing = (_: unknown, response: ServerResponse) => void response.writeHead(404).end()
    await askAs(json(loginAnswer({ max_connections: 3 })), 900)
    await askAs(missing, 21_600)
    expect(await store.report("a")).toMatchObject({ status: "active", maxConnections: 3 })
    await askAs(json(loginAnswer({ status: "Banned" })), 300)
    await askAs(missing, 21_600)
    expect(await store.report("a")).toMatchObject({ status: "unknown", maxConnections: null })
  })
})

describe("a profile that changes while its provider is asked", () => {
  /** Has the profile asked about, and gives the answer that is being waited for. */
  async function askedNow() {
    const asked = Promise.withResolvers<ServerResponse>()
    server.answer = (_, response) => asked.resolve(response)
    watch.look()
    const response = await asked.promise
    server.answer = json(loginAnswer({ max_connections: 5 }))
    return (user: object) => response.end(JSON.stringify(loginAnswer(user)))
  }

  it("is asked about anew when it was saved anew", async () => {
    await store.save(panel({ url: server.url, password: "wrong" }))
    const answer = await askedNow()
    await store.save(panel({ url: server.url, password: "right" }))
    answer({ auth: 0 })
    await idle()
    expect(await store.report("a")).toBeNull()
    await look()
    expect(await store.report("a")).toMatchObject({ maxConnections: 5 })
    expect(server.asked.map((path) => path.split("=").at(-1))).toEqual(["wrong", "right"])
  })

  it("is not asked about again after another change of its source", async () => {
    await store.save(panel({ url: server.url }))
    const answer = await askedNow()
    await store.save(panel({ url: server.url, order: 2 }))
    answer({ max_connections: 6 })
    await idle()
    expect(await store.report("a")).toMatchObject({ maxConnections: 6 })
  })

  it("leaves nothing behind when it was removed", async () => {
    await store.save(panel({ url: server.url }))
    const answer = await askedNow()
    await store.save(panel({ id: "b", url: server.url }))
    answer({})
    await look()
    expect(await store.report("b")).not.toBeNull()
    expect([await store.report("a"), await store.dueIn("a")]).toEqual([null, null])
  })
})

describe("many profiles", () => {
  it("of one server are asked about one after the other, all of them", async () => {
    const profiles = Array.from({ length: 39 }, (_, at) => profile(`p${at}`))
    await store.save(panel({ url: server.url, profiles }))
    let open = 0
    let most = 0
    server.answer = (request, response) => {
      most = Math.max(most, ++open)
      response.on("close", () => open--)
      json(loginAnswer())(request, response)
    }
    await look()
    expect(server.asked).toHaveLength(40)
    for (const { id } of profiles) expect(await store.report("a", id), id).not.toBeNull()
    expect(most).toBe(1)
    // The clock stands still while they are asked, so the gap is as long as can be.
    expect(slept).toEqual(Array(39).fill(1_000))
  })

  it("of several servers do not wait for one that is slow", async () => {
    const slow = await startServer(() => undefined)
    const profiles = Array.from({ length: 9 }, (_, at) => profile(`p${at}`))
    await store.save(panel({ url: slow.url, profiles }), panel({ id: "b", url: server.url }))
    watch.look()
    await eventually(async () => expect(await store.report("b")).not.toBeNull())
    expect(slow.asked).toHaveLength(1)
    await watch.close()
    await slow.close()
  })
})

describe("a watch", () => {
  it("that closes gives up its questions, keeps nothing, and asks no more", async () => {
    const asked = Promise.withResolvers<void>()
    server.answer = () => asked.resolve()
    await store.save(panel({ url: server.url, profiles: [profile("p1"), profile("p2")] }))
    watch.look()
    await asked.promise
    await watch.close()
    await eventually(() => expect(server.openSockets()).toBe(0))
    await store.makeDue("a")
    watch.look()
    await watch.close()
    expect(server.asked).toHaveLength(1)
    expect(await store.report("a")).toBeNull()
    expect(lines).toEqual([])
  })

  it("outlives a store that is away", async () => {
    let isAway = true
    const run: typeof store.run = (...script) =>
      isAway ? Promise.reject(new Error("away")) : store.run(...script)
    watch = await newWatch({ run })
    await store.save(panel({ url: server.url }))
    await look()
    expect(lines.join("")).toContain("profiles could not be claimed")
    isAway = false
    server.answer = (request, response) => {
      isAway = true
      json(loginAnswer())(request, response)
    }
    await look()
    expect(lines.join("")).toContain("report could not be kept")
    isAway = false
    server.answer = json(loginAnswer())
    await store.makeDue("a")
    await look()
    expect(await store.report("a")).not.toBeNull()
  })

  it("keeps the configuration when the store loses it while a provider is asked", async () => {
    await store.save(panel({ url: server.url }))
    const config = await store.openConfig()
    watch = await newWatch({ config })
    const asked = Promise.withResolvers<ServerResponse>()
    server.answer = (_, response) => asked.resolve(response)
    watch.look()
    const response = await asked.promise
    await store.clear()
    response.end(JSON.stringify(loginAnswer()))
    await idle()
    expect([...config.sources.keys()]).toEqual(["a"])
    expect(await store.redis.keys("*")).toEqual([])
  })

  it("leaves neither address nor login in its log", async () => {
    provider.setFault("api", { kind: "html", requests: 1 })
    await store.save(panel(), list({ id: "b", url: `${server.url}/get.php?${query}` }))
    server.answer = (_, response) => void response.writeHead(404).end()
    await look()
    expect(await store.dueIn("a")).toBe(60)
    await store.makeDue("a")
    await look()
    expect(await store.report("a")).not.toBeNull()
    expect(await store.dueIn("b")).toBe(21_600)
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toHaveLength(3)
    const { host: panelHost } = new URL(provider.url)
    for (const secret of [panelHost, new URL(server.url).host, "zoe", "p4ss", "player_api"])
      expect(lines.filter((line) => line.includes(secret))).toEqual([])
  })

  it("costs the store two commands for each profile, and two for all that are due together", async () => {
    await store.save(panel({ url: server.url, profiles: [profile("p1"), profile("p2")] }))
    // The store learns the scripts.
    await look()
    for (const id of ["primary", "p1", "p2"]) await store.makeDue("a", id)
    store.gateway.resetStats()
    await look()
    expect(store.gateway.stats().commands).toBe(2 + 3 * 2)
  })
})
