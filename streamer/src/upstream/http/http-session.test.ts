import { describe, expect, it, onTestFinished, vi } from "vitest"
import { until } from "../../pool/pool-fixture.ts"
import { serve } from "../hls/hls-fixture.ts"
import { raw, web } from "../upstream-fixture.ts"
import { HttpSession, type HttpSessionOptions } from "./http-session.ts"
import { Slots } from "./slots.ts"

vi.setConfig({ testTimeout: 20_000 })

function sessionFor(url: string, changes: Partial<HttpSessionOptions> = {}) {
  const options = { url, headers: {}, stallMilliseconds: 500, maxRequests: 2, maxHeldBytes: 100_000 }
  const session = new HttpSession({ ...options, ...changes })
  onTestFinished(() => session.close())
  return session
}

async function textOf(session: HttpSession, url: string) {
  const result = await session.get({ url })
  if (!result.ok) return result.failure
  const read = await result.answer.body.all()
  return read.ok ? String(read.kind) : read.failure
}

describe("a session", () => {
  it("uses its connections again, also after a redirect and a refusal", async () => {
    const server = await serve((path) => {
      if (path === "/moved") return { status: 302, headers: { location: "/a" } }
      return path === "/refused" ? { status: 403, body: "no" } : path
    })
    const session = sessionFor(server.url)
    expect(await textOf(session, `${server.url}/moved`)).toBe("/a")
    expect(await textOf(session, `${server.url}/refused`)).toEqual({ code: "http_status", status: 403 })
    for (const name of ["/b", "/c", "/d"]) expect(await textOf(session, server.url + name)).toBe(name)
    expect(server.connections()).toBeLessThanOrEqual(2)
  })

  it("asks for no more at once than it may, whatever happens to what it asked for", async () => {
    const server = await serve((path) => (path === "/hang" ? "hang" : path))
    const session = sessionFor(server.url, { stallMilliseconds: 100 })
    const names = ["hang", "a", "hang", "b", "c", "hang", "d"]
    const texts = await Promise.all(names.map((name) => textOf(session, `${server.url}/${name}`)))
    const late = { code: "timeout" }
    expect(texts).toEqual([late, "/a", late, "/b", "/c", late, "/d"])
    expect(server.peakInFlight()).toBeLessThanOrEqual(2)
  })

  it("gives no cookie of one server to another", async () => {
    const seen: (string | undefined)[] = []
    const other = await serve((_, { headers }) => {
      seen.push(headers.cookie)
      return "x"
    })
    const server = await serve(() => ({ status: 200, headers: { "set-cookie": "a=b; Path=/" }, body: "x" }))
    const session = sessionFor(server.url)
    await textOf(session, server.url)
    // A cookie knows no port (RFC 6265 8.5), so the other server has another name.
    await textOf(session, other.url.replace("127.0.0.1", "localhost"))
    expect(seen).toEqual([undefined])
  })

  it("holds as much of a body as it may, and then what the server has waits there", async () => {
    let written = 0
    const server = await web((_, response) => {
      const write = () => {
        written += 65_536
        if (response.write(Buffer.alloc(65_536))) setImmediate(write)
        else response.once("drain", write)
      }
      write()
    })
    const session = sessionFor(server.url, { maxHeldBytes: 200_000 })
    const result = await session.get({ url: server.url })
    if (!result.ok) throw new Error(result.failure.code)
    let before = -1
    await until("nothing more is taken", () => {
      const isSame = before === written && written > 0
      before = written
      return isSame
    })
    // Loopback sockets hold some MB.
    expect(written).toBeLessThan(20_000_000)
    let bytes = 0
    void result.answer.body.read((chunk) => {
      bytes += chunk.length
    })
    await until("it goes on", () => bytes > 30_000_000)
  })

  it("says what a body that broke off came to", async () => {
    const server = await raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfew", (socket) => void socket.end())
    expect(await textOf(sessionFor(server.url), server.url)).toEqual({ code: "reset" })
  })

  it("closes with requests that wait for their turn", async () => {
    const server = await serve(() => "hang")
    const session = sessionFor(server.url, { stallMilliseconds: 60_000 })
    const asked = [1, 2, 3, 4].map((n) => session.get({ url: `${server.url}/${n}` }))
    await until("two are asked for", () => server.requests.length === 2)
    await session.close()
    expect(await Promise.all(asked)).toEqual(asked.map(() => ({ ok: false, failure: { code: "aborted" } })))
    await until("no socket is left", () => server.openSockets() === 0, 500)
  })
})

describe("a session whose connections are closed", () => {
  it("ends what is asked and answered, and has new ones for what comes", async () => {
    const server = await serve((path) => (path === "/hang" ? "hang" : path))
    const session = sessionFor(server.url, { stallMilliseconds: 5_000 })
    const asked = session.get({ url: `${server.url}/hang` })
    await until("the server has the request", () => server.peakInFlight() === 1)
    await session.disconnect()
    expect(await asked).toEqual({ ok: false, failure: { code: "reset" } })
    expect(await textOf(session, `${server.url}/a`)).toBe("/a")
    expect(server.connections()).toBe(2)
  })
})

it("a session takes the statuses that are wanted for an answer, with their fields", async () => {
  const server = await serve(() => ({ status: 416, headers: { "Content-Range": "bytes */5" } }))
  const session = sessionFor(server.url)
  expect(await session.get({ url: server.url })).toMatchObject({ ok: false })
  const result = await session.get({ url: server.url, accepts: [416] })
  expect(result).toMatchObject({ answer: { status: 416, headers: { "content-range": "bytes */5" } } })
})

describe("slots", () => {
  it("are given in the order of their being asked for, and back once", async () => {
    const slots = new Slots(1)
    const order: number[] = []
    const first = await slots.take()
    const waiting = [1, 2].map(async (n) => {
      const leave = await slots.take()
      order.push(n)
      return leave
    })
    first()
    first()
    const second = await waiting[0]
    expect(order).toEqual([1])
    second?.()
    await waiting[1]
    expect(order).toEqual([1, 2])
  })
})
