import { createServer as createTcpServer } from "node:net"
import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { openHttp } from "./open-http.ts"
import {
  active,
  channel,
  counted,
  failure,
  open,
  provider,
  raw,
  useProvider,
  web,
} from "./upstream-fixture.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useProvider()

describe("an upstream that opens", () => {
  it("gives the bytes as they come, over one connection, and is gone when it is closed", async () => {
    const result = await open(channel())
    if (!result.ok) throw new Error(result.failure.code)
    expect(result.upstream.contentType).toBe("video/mp2t")
    let bytes = 0
    const ended = result.upstream.read((chunk) => {
      bytes += chunk.length
    })
    await until("bytes have come", () => bytes > 100_000)
    expect(provider.connections().accounts.demo).toMatchObject({ active: 1, peak: 1 })
    await result.upstream.close()
    expect((await ended).code).toBe("aborted")
    await until("the provider sees the end", () => active() === 0)
  })

  it("sends the headers it is given", async () => {
    let seen: unknown
    const server = await web((request, response) => {
      seen = [request.headers["user-agent"], request.headers.referer]
      response.end("x")
    })
    await open(server.url, { headers: { "user-agent": "VLC", referer: "http://a.test/" } })
    expect(seen).toEqual(["VLC", "http://a.test/"])
  })

  it("closes at once, also when it is closed again and again", async () => {
    const server = await web((_, response) => void response.writeHead(200).write("x"))
    const result = await open(server.url)
    if (!result.ok) throw new Error(result.failure.code)
    const closing = [result.upstream.close(), result.upstream.close()]
    await Promise.all(closing)
    await result.upstream.close()
    await until("the server sees the end", () => server.openSockets() === 0, 500)
  })

  it("tells of an end that came before anyone read", async () => {
    const server = await raw("HTTP/1.1 200 OK\r\n\r\nfew", (socket) => void socket.end())
    const result = await open(server.url)
    if (!result.ok) throw new Error(result.failure.code)
    await until("the server sees the end", () => server.openSockets() === 0)
    let text = ""
    const reason = await result.upstream.read((chunk) => {
      text += chunk.toString()
    })
    expect([text, reason.code]).toEqual(["few", "ended"])
  })

  it("tells of a reset that came before anyone read", async () => {
    const server = await raw(
      "HTTP/1.1 200 OK\r\n\r\nfew",
      (socket) => void setImmediate(() => socket.resetAndDestroy()),
    )
    const result = await open(server.url)
    if (!result.ok) throw new Error(result.failure.code)
    await until("the server sees the end", () => server.openSockets() === 0)
    expect((await result.upstream.read(() => undefined)).code).toBe("reset")
  })
})

describe("giving up", () => {
  it("leaves no socket while it waits for an answer", async () => {
    const server = await counted(createTcpServer((socket) => void socket.resume()))
    const abort = new AbortController()
    const opening = open(server.url, { signal: abort.signal })
    await until("it is connected", () => server.openSockets() === 1)
    abort.abort()
    expect(await opening).toEqual({ ok: false, failure: { code: "aborted" } })
    await until("no socket is left", () => server.openSockets() === 0, 200)
  })

  it("leaves no socket while it connects: a handshake that is never answered", async () => {
    const server = await counted(createTcpServer((socket) => void socket.resume()))
    const abort = new AbortController()
    const opening = openHttp({
      url: `https://${server.host}/`,
      headers: {},
      stallMilliseconds: 60_000,
      signal: abort.signal,
    })
    await until("it is connected", () => server.openSockets() === 1)
    abort.abort()
    expect(await opening).toEqual({ ok: false, failure: { code: "aborted" } })
    await until("no socket is left", () => server.openSockets() === 0, 200)
  })

  it("opens nothing when it is too late already", async () => {
    const server = await counted(createTcpServer((socket) => void socket.resume()))
    expect(await open(server.url, { signal: AbortSignal.abort() })).toMatchObject({
      failure: { code: "aborted" },
    })
    expect(server.connections()).toBe(0)
  })

  it("times out in a handshake that is never answered", async () => {
    const server = await counted(createTcpServer((socket) => void socket.resume()))
    expect(await failure(`https://${server.host}/`)).toEqual({ code: "timeout" })
    await until("no socket is left", () => server.openSockets() === 0, 200)
  })
})
