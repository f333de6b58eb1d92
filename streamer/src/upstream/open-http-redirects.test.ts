import type { RequestListener } from "node:http"
import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { channel, failure, open, provider, useProvider, web } from "./upstream-fixture.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useProvider()

describe("redirects", () => {
  /** A server that answers /n by a redirect to /n-1, and /0 by a stream. */
  const chain = () =>
    web((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.writeHead(200, { "content-type": "video/mp2t" }).end("bytes")
      else response.writeHead(302, { location: `/${left - 1}` }).end("moved")
    })

  it("are followed, five in a row", async () => {
    const server = await chain()
    const result = await open(`${server.url}/5`)
    expect(result).toMatchObject({ ok: true, upstream: { contentType: "video/mp2t" } })
  })

  it("are followed no further", async () => {
    const server = await chain()
    expect(await failure(`${server.url}/6`)).toEqual({ code: "http_status", status: 302 })
  })

  it("end where they run in a circle", async () => {
    const server = await web((request, response) => {
      response.writeHead(302, { location: request.url === "/a" ? "/b" : "/a" }).end()
    })
    expect(await failure(`${server.url}/a`)).toEqual({ code: "http_status", status: 302 })
    await until("no socket is left", () => server.openSockets() === 0)
  })

  it("lead to other servers, and leave no connection to the first one", async () => {
    const target = await web((_, response) => void response.writeHead(200).write("x"))
    const first = await web((_, response) => void response.writeHead(302, { location: target.url }).end())
    const result = await open(first.url)
    expect(result.ok).toBe(true)
    if (result.ok) await result.upstream.close()
    await until("no socket is left", () => first.openSockets() + target.openSockets() === 0)
  })

  it("are followed also when their own body never ends", async () => {
    const server = await web((request, response) => {
      if (request.url === "/") response.writeHead(302, { location: "/x" }).write("moved")
      else response.writeHead(200).write("x")
    })
    expect((await open(server.url)).ok).toBe(true)
    await until("the redirect's connection is gone", () => server.openSockets() === 1)
  })

  it("do not take a login to another server", async () => {
    const seen: unknown[] = []
    const listener: RequestListener = ({ headers }, response) => {
      seen.push([headers.authorization, headers.cookie, headers["user-agent"]])
      response.writeHead(200).write("x")
    }
    const target = await web(listener)
    const first = await web((_, response) => void response.writeHead(302, { location: target.url }).end())
    await open(first.url, { headers: { Authorization: "Basic x", cookie: "a=b", "user-agent": "VLC" } })
    expect(seen).toEqual([[undefined, undefined, "VLC"]])
  })

  it.each(["http://", "ftp://a.test/x", "http://a.test:99999/"])(
    "to %j are 'bad_address'",
    async (location) => {
      const server = await web((_, response) => void response.writeHead(302, { location }).end())
      expect(await failure(server.url)).toEqual({ code: "bad_address" })
    },
  )

  it("of a panel lead to the stream, which is one connection", async () => {
    provider.setSettings({ redirect: true })
    provider.resetPeak()
    expect((await open(channel())).ok).toBe(true)
    expect(provider.connections().accounts.demo).toMatchObject({ active: 1, peak: 1, opened: 1 })
  })
})
