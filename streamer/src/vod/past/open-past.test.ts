import { createServer } from "node:http"
import { describe, expect, it, vi } from "vitest"
import { readList } from "../../import/test-inputs.ts"
import { until } from "../../pool/pool-fixture.ts"
import { counted } from "../../upstream/upstream-fixture.ts"
import {
  type Opening,
  opener,
  provider,
  readPast,
  sourceAt,
  spanFrom,
  usePastProvider,
} from "./past-fixture.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
usePastProvider()

/** A whole minute, an hour ago. */
const start = Math.floor(Date.now() / 60_000 - 60) * 60
const xtream = {
  locator: { kind: "xtream", streamId: "11", extension: "ts" },
  catchup: { days: 3, kind: "xc" },
} as const satisfies Opening["feed"]

/** The minute from `start` on: it begins with the keyframe before, and a segment's end is as much later. */
function expectMinute(bytes: Buffer): void {
  const { from, to } = spanFrom(start, bytes)
  expect(from).toBeGreaterThan(-2)
  expect(from).toBeLessThan(1.5)
  expect(to).toBeGreaterThan(58)
  expect(to).toBeLessThan(63)
}

describe("the past of an Xtream channel", () => {
  it("is had by the panel's clock, and ends when all has come", async () => {
    const { end, bytes, areWhole } = await readPast(opener(), { feed: xtream, start })
    expect([end, areWhole]).toEqual([{ code: "ended" }, true])
    expectMinute(bytes)
    expect(provider.catchupRequests()).toEqual([{ channel: 11, startUtc: start, seconds: 60, form: "path" }])
  })

  it("is another one where the panel's zone is not known", async () => {
    await readPast(opener(null), { feed: xtream, start })
    expect(provider.catchupRequests()[0]?.startUtc).not.toBe(start)
  })

  it("is had by the other form where the panel does not know the first, which is remembered", async () => {
    provider.setSettings({ timeshift: "query" })
    const open = opener()
    await readPast(open, { feed: xtream, start })
    provider.setSettings({ timeshift: "both" })
    await readPast(open, { feed: xtream, start })
    await readPast(opener(), { feed: xtream, start })
    expect(provider.catchupRequests().map(({ form }) => form)).toEqual(["query", "query", "path"])
    expect(provider.connections().accounts.demo?.peak).toBe(1)
  })

  it("is not asked for in another form by an account that is full", async () => {
    const first = await opener()({ feed: xtream, start, seconds: 3000 })
    expect(first.ok).toBe(true)
    provider.resetPeak()
    const second = await opener()({ feed: xtream, start })
    expect(second).toEqual({ ok: false, failure: { code: "http_status", status: 403 } })
    expect(provider.connections().accounts.demo?.refused).toBe(1)
  })

  it("fails as the last form did where none is known", async () => {
    provider.setSettings({ timeshift: "none" })
    expect(await opener()({ feed: xtream, start })).toEqual({
      ok: false,
      failure: { code: "http_status", status: 404 },
    })
  })

  it.each([
    ["before what is kept", start - 4 * 86_400],
    ["in the future", start + 2 * 86_400],
  ])("has no address %s, and nobody is asked", async (_, at) => {
    expect(await opener()({ feed: xtream, start: at })).toEqual({
      ok: false,
      failure: { code: "bad_address" },
    })
    expect(provider.catchupRequests()).toEqual([])
  })
})

describe("the past as the provider's list has it", () => {
  it.each([
    ["shift", 12, "shift"],
    ["append", 13, "append"],
    ["default", 14, "default"],
    ["flussonic", 15, "timeshift_abs"],
    ["flussonic-hls", 16, "archive"],
  ])("is had by %s", async (_, channel, form) => {
    const account = { username: "hls", password: "hls" }
    const url = `${provider.url}/get.php?username=hls&password=hls&type=m3u_plus&output=ts`
    const { entries } = await readList({
      text: await (await fetch(url)).text(),
      provider: { url, login: account },
    })
    const entry = entries[channel - 11]
    if (entry === undefined) throw new Error("the list is too short")
    const catchup = entry.details?.catchup
    const feed = { locator: entry.locator, ...(catchup === undefined ? {} : { catchup }) }
    // To the present at most, as that is as far as some of these go.
    const at = Math.floor(Date.now() / 1000) - 120
    const { end, bytes, areWhole } = await readPast(opener(), {
      feed,
      source: sourceAt(url, account),
      start: at,
    })
    expect(areWhole).toBe(true)
    expect(["ended", "finished"]).toContain(end.code)
    const { from, to } = spanFrom(at, bytes)
    expect(Math.abs(from)).toBeLessThan(2)
    expect(to).toBeGreaterThan(57)
    expect(provider.catchupRequests()).toMatchObject([{ channel, startUtc: at, form }])
  })
})

describe("a body", () => {
  it("is read no faster than it is taken", async () => {
    const piece = Buffer.alloc(188 * 1000)
    for (let at = 0; at < piece.length; at += 188) piece.set([0x47, 0x1f, 0xff, 0x10], at)
    let sent = 0
    const server = await endless(piece, (bytes) => {
      sent += bytes
    })
    const result = await opener()({ feed: xtream, source: sourceAt(server.url), start, seconds: 3600 })
    if (!result.ok) throw new Error(result.failure.code)
    let taken = 0
    let goOn = () => undefined as undefined
    const reading = result.past.read((chunk) => {
      taken += chunk.length
      if (taken < 1_000_000) return
      return new Promise<void>((resolve) => {
        goOn = () => void resolve() as undefined
      })
    })
    let last = -1
    await until("the provider waits", async () => {
      const isStill = last === sent && taken >= 1_000_000
      last = sent
      await new Promise((resolve) => setTimeout(resolve, 100))
      return isStill
    })
    // What is on its way is in the system's buffers; the piece itself never ends.
    const before = { sent, taken }
    expect(before.sent).toBeLessThan(32_000_000)
    goOn()
    await until("it goes on", () => taken > before.taken)
    await result.past.close()
    expect(await reading).toEqual({ code: "aborted" })
    await until("the connection is gone", () => server.openSockets() === 0)
  })

  it("that breaks off has another end than one that is whole, and what came before it is given", async () => {
    provider.setFault(11, { kind: "reset", afterBytes: 300_000, requests: 1 })
    const { end, bytes } = await readPast(opener(), { feed: xtream, start, seconds: 600 })
    expect(end.code).toBe("reset")
    // What the system had not handed on is lost with a reset.
    expect(bytes.length).toBeGreaterThan(0)
    expect(bytes.length).toBeLessThanOrEqual(300_000)
    provider.setFault(11, { kind: "end", afterBytes: 300_000, requests: 1 })
    expect((await readPast(opener(), { feed: xtream, start, seconds: 600 })).end.code).not.toBe("ended")
    provider.setFault(11, { kind: "stall", afterBytes: 300_000, requests: 1 })
    const settings = { stallTimeout: 0.3 }
    expect((await readPast(opener(), { feed: xtream, start, seconds: 600, settings })).end.code).toBe(
      "stalled",
    )
  })

  it("whose taker fails is closed", async () => {
    const result = await opener()({ feed: xtream, start, seconds: 3000 })
    if (!result.ok) throw new Error(result.failure.code)
    const end = await result.past.read(() => Promise.reject(new Error("gone")))
    expect(end).toEqual({ code: "aborted" })
    await until("the slot is free", () => provider.account("demo")?.activeConnections === 0)
  })

  it("is not waited for by one who has left", async () => {
    provider.setFault(11, { kind: "hang" })
    const leaving = new AbortController()
    const opening = opener()({ feed: xtream, start, signal: leaving.signal })
    await until("it hangs", () => provider.account("demo")?.activeConnections === 1)
    leaving.abort()
    expect(await opening).toEqual({ ok: false, failure: { code: "aborted" } })
    await until("the slot is free", () => provider.account("demo")?.activeConnections === 0)
  })

  it("that is not what was wanted is closed before another form is asked for", async () => {
    const asked: number[] = []
    const server = await counted(
      createServer((_, response) => {
        asked.push(server.openSockets())
        response.writeHead(200, { "content-type": "text/html" }).end("<html></html>")
      }),
    )
    const result = await opener()({ feed: xtream, source: sourceAt(server.url), start })
    expect(result).toEqual({ ok: false, failure: { code: "not_video", what: "html" } })
    expect(asked).toEqual([1, 1])
    await until("the connection is gone", () => server.openSockets() === 0)
  })

  it("is a web page where the provider knows no such thing", async () => {
    provider.setFault(11, { kind: "html" })
    expect(await opener()({ feed: xtream, start })).toEqual({
      ok: false,
      failure: { code: "not_video", what: "html" },
    })
  })
})

/** A server that sends the same for ever, as fast as it is read. */
function endless(piece: Buffer, onSent: (bytes: number) => void) {
  return counted(
    createServer((_, response) => {
      response.writeHead(200, { "content-type": "video/mp2t" })
      const send = () => {
        while (!response.destroyed) {
          onSent(piece.length)
          if (!response.write(piece)) break
        }
      }
      response.on("drain", send)
      send()
    }),
  )
}
