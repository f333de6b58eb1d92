import { connect } from "node:net"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { openPlayer, type Player, play } from "../../../infra/e2e/player/play.ts"
import { startWorld, ticketOf, until, type World } from "../pool/pool-fixture.ts"
import { startStreamer, type TestStreamer } from "../pool/streamer-fixture.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })

let world: World
let streamer: TestStreamer
const players: Player[] = []

beforeAll(async () => {
  world = await startWorld()
})
afterEach(async () => {
  for (const player of players.splice(0)) await player.close()
  await streamer.close()
})
afterAll(() => world.close())

async function fresh(settings: Parameters<World["reset"]>[0] = {}): Promise<void> {
  await world.reset(settings)
  streamer = await startStreamer(world)
}
const admitted = async (channel: number, viewer: string | null = null) =>
  ticketOf(await world.admit(channel, viewer), channel)
const nowSeconds = () => Math.floor(Date.now() / 1000)
const error = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { headers, redirect: "manual" })
  const body = (await response.json()) as { error: { code: string; retryAfterSeconds?: number } }
  return {
    status: response.status,
    code: body.error.code,
    headers: response.headers,
    text: JSON.stringify(body),
  }
}
const watch = async (...args: Parameters<TestStreamer["play"]>) => {
  const player = await streamer.play(...args)
  players.push(player)
  return player
}
describe("GET /live/{ticket}.ts", () => {
  it("answers as the contract says, and starts with tables and a keyframe", async () => {
    await fresh()
    const report = await play(await streamer.url(await admitted(1)), { untilBytes: 100_000 })
    expect(report).toMatchObject({
      status: 200,
      contentType: "video/mp2t",
      acceptRanges: "none",
      contentLength: null,
      tablesFirst: true,
      startsOnKeyframe: true,
      aligned: true,
      ccErrors: 0,
    })
    expect(report.headers["transfer-encoding"]).toBe("chunked")
  })

  it.each(["bytes=0-", "bytes=100-200", "bytes=-1"])(
    "answers 200 to a range (%s), as VLC asks for one",
    async (range) => {
      await fresh()
      const report = await play(await streamer.url(await admitted(1)), {
        untilBytes: 50_000,
        headers: { range },
      })
      expect(report).toMatchObject({ status: 200, acceptRanges: "none", tablesFirst: true })
      expect(report.headers["content-range"]).toBeUndefined()
    },
  )

  it("gives HTTP/1.0 players raw bytes", async () => {
    await fresh()
    const url = new URL(await streamer.url(await admitted(1)))
    const socket = connect(Number(url.port), url.hostname)
    const chunks: Buffer[] = []
    socket.on("data", (chunk: Buffer) => chunks.push(chunk))
    socket.write(`GET ${url.pathname} HTTP/1.0\r\nhost: ${url.host}\r\n\r\n`)
    const body = () => {
      const all = Buffer.concat(chunks)
      const end = all.indexOf("\r\n\r\n")
      return end < 0 ? Buffer.alloc(0) : all.subarray(end + 4)
    }
    await until("packets have come", () => body().length > 188 * 20)
    socket.destroy()
    for (let at = 0; at < 188 * 20; at += 188) expect(body()[at]).toBe(0x47)
    expect(Buffer.concat(chunks).toString("latin1")).not.toMatch(/transfer-encoding/i)
  })

  it("can be played again with the same ticket, while it lasts", async () => {
    await fresh()
    const url = await streamer.url(await admitted(1, "ann"))
    for (let count = 0; count < 3; count++) expect((await play(url, { untilBytes: 50_000 })).status).toBe(200)
    expect(world.tally()).toMatchObject({ opened: 1 })
  })

  it("plays with a ticket from hours ago: its lease and session are made anew", async () => {
    await fresh()
    const old = { ...(await admitted(1, "ann")), lease: "gone", session: "address/channel-1/old/1" }
    await world.redis.del("source:demo:leases", "live", "viewer:ann:sessions")
    const player = openPlayer(await streamer.url(old, nowSeconds() - 5 * 3600))
    players.push(player)
    await player.waitFor((report) => report.packets > 20, 6_000)
    await streamer.beat()
    expect(player.report().ended).toBeNull()
    expect(await world.sessions("ann")).toHaveLength(1)
    expect(await world.leases()).toBe(1)
  })
})

describe("a ticket that is not good", () => {
  it.each([
    ["no ticket", () => "nothing"],
    ["a changed ticket", (text: string) => `${text.slice(0, -2)}${text.endsWith("A") ? "BB" : "AA"}`],
    ["a ticket without its signature", (text: string) => text.split(".").slice(0, 2).join(".")],
    ["an unsigned ticket", (text: string) => `eyJhbGciOiJub25lIn0.${text.split(".")[1]}.`],
  ])("gets 401 bad_ticket (%s)", async (_, change) => {
    await fresh()
    const text = (await streamer.url(await admitted(1))).split("/").at(-1)?.slice(0, -3) ?? ""
    expect(await error(`${streamer.address}/live/${change(text)}.ts`)).toMatchObject({
      status: 401,
      code: "bad_ticket",
    })
    expect(world.tally().opened).toBe(0)
  })

  it("gets 401 ticket_expired when its time is over", async () => {
    await fresh()
    const url = await streamer.url(await admitted(1), nowSeconds() - 7 * 3600)
    expect(await error(url)).toMatchObject({ status: 401, code: "ticket_expired" })
    const head = await fetch(url, { method: "HEAD" })
    expect(head.status).toBe(401)
    expect(world.tally().opened).toBe(0)
  })
})

describe("HEAD", () => {
  it("answers like GET, and opens nothing", async () => {
    await fresh()
    const url = await streamer.url(await admitted(1))
    const head = await fetch(url, { method: "HEAD" })
    await streamer.beat()
    expect(world.tally().opened).toBe(0)
    expect(streamer.pool.streams.size).toBe(0)
    const get = await play(url, { untilBytes: 1000 })
    const of = (headers: Record<string, unknown>) =>
      Object.fromEntries(
        ["content-type", "accept-ranges", "cache-control", "content-length"].map((name) => [
          name,
          headers[name] ?? null,
        ]),
      )
    expect(head.status).toBe(get.status)
    expect(of(Object.fromEntries(head.headers))).toEqual(of({ ...get.headers }))
  })
})

describe("an error", () => {
  it("says why the channel did not open, when to try again, and nothing of the provider", async () => {
    await fresh()
    world.provider.setFault(1, { kind: "status", status: 404 })
    const answer = await error(await streamer.url(await admitted(1)))
    expect(answer).toMatchObject({ status: 502, code: "upstream_failed" })
    expect(answer.headers.get("retry-after")).toBe("5")
    expect(answer.text).not.toMatch(/127|demo|http:|\d{4}/)
  })

  it("is 404 for a channel that is gone, and 503 where all connections are taken", async () => {
    await fresh()
    const gone = { ...(await admitted(1)), feed: "gone" }
    expect(await error(await streamer.url(gone))).toMatchObject({ status: 404, code: "unknown_channel" })
    const stale = { ...(await admitted(1)), lease: "gone" }
    await world.redis.del("source:demo:leases", "live")
    await (await watch(await admitted(2))).waitFor((report) => report.packets > 20, 6_000)
    const full = await error(await streamer.url(stale))
    expect(full).toMatchObject({ status: 503, code: "no_capacity" })
    expect(full.headers.get("retry-after")).toBe("5")
  })

  it("is a redirect when the channel is live elsewhere by now, to a ticket of the viewer's own", async () => {
    await fresh({ poolGrace: "50ms" })
    const old = await admitted(1, "ann")
    const other = await startStreamer(world, "far")
    try {
      await world.redis.del("source:demo:leases", "live")
      const elsewhere = ticketOf(await world.admit(1, "bob", "far"), 1)
      const far = await other.play(elsewhere)
      players.push(far)
      await far.waitFor((report) => report.packets > 20, 6_000)
      const response = await fetch(await streamer.url(old), { redirect: "manual" })
      expect(response.status).toBe(302)
      const location = response.headers.get("location") ?? ""
      expect(location.startsWith(`${other.address}/live/`)).toBe(true)
      const payload = JSON.parse(
        Buffer.from(location.split("/").at(-1)?.split(".")[1] ?? "", "base64url").toString(),
      )
      expect(payload).toMatchObject({ viewer: "ann", lease: elsewhere.lease })
      expect(payload.session).not.toBe(elsewhere.session)
    } finally {
      await other.close()
    }
  })
})

describe("a session", () => {
  it("ends with its last connection: a probe that goes does not end the one that plays", async () => {
    await fresh()
    const ticket = await admitted(1, "ann")
    const playing = await watch(ticket)
    await playing.waitFor((report) => report.packets > 20, 6_000)
    const probe = await watch(ticket)
    await probe.waitFor((report) => report.packets > 20, 6_000)
    await probe.close()
    await until("the probe has left", () => streamer.pool.viewers === 1)
    await streamer.beat()
    expect(await world.sessions("ann")).toHaveLength(1)
    expect(playing.report().ended).toBeNull()
    await playing.close()
    await until("the session has ended", async () => (await world.sessions("ann")).length === 0)
  })

  it("that was taken away ends its connections, and only those", async () => {
    await fresh()
    const [ann, bob] = [await watch(await admitted(1, "ann")), await watch(await admitted(1, "bob"))]
    for (const player of [ann, bob]) await player.waitFor((report) => report.packets > 20, 6_000)
    await world.redis.del("viewer:ann:sessions")
    await streamer.beat()
    const { ended } = await ann.ended
    expect(["error", "end"]).toContain(ended)
    expect(bob.report().ended).toBeNull()
    expect(streamer.pool.viewers).toBe(1)
  })
})
