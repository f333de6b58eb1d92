import type { LiveRecord } from "@tributary/shared/store/records"
import { describe, expect, it, vi } from "vitest"
import { staying, ticketOf, until } from "../pool/pool-fixture.ts"
import { fileOf, mebibyte, provider, running, serving, slotsFree, useVodWorld, world } from "./test-vod.ts"
import { ask, filmTicket, startVodStreamer } from "./vod-fixture.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
useVodWorld()

const file = fileOf(24 * mebibyte)
const ann = { viewer: "ann" }
const head = { range: "bytes=0-999" }

const isIdle = async (key: string) => {
  const text = await world.redis.hget<string>("live", key)
  return text !== null && (JSON.parse(text) as LiveRecord).idleSince !== null
}

describe("a viewer's requests for one film", () => {
  it("are one session and one lease, at once and one after the other", async () => {
    const streamer = await serving(file)
    const tickets = await Promise.all([filmTicket(world, 1, ann), filmTicket(world, 1, ann)])
    const urls = await Promise.all(tickets.map((ticket) => streamer.url(ticket)))
    const answers = await Promise.all(urls.map((url) => ask(url, { range: "bytes=0-" })))
    expect(await world.sessions("ann")).toEqual([tickets[0]?.session])
    expect(await world.leases()).toBe(1)
    for (const answer of answers) answer.leave()
    await until("the session is over", async () => (await world.sessions("ann")).length === 0)
    expect((await (await ask(urls[0] ?? "", head)).rest()).body.equals(file.subarray(0, 1000))).toBe(true)
    expect(await world.leases()).toBe(1)
    expect(provider.counts()).toMatchObject({ peak: 1, refused: 0 })
  })

  it("keep the lease between them, and give it back when none has come for the linger", async () => {
    const streamer = await serving(file, { streamer: { lingerMilliseconds: 300 } })
    const url = await streamer.url(await filmTicket(world, 1, ann))
    await (await ask(url, head)).rest()
    await until("the session is over", async () => (await world.sessions("ann")).length === 0)
    expect(await world.leases()).toBe(1)
    await slotsFree()
    expect(streamer.vod.size).toBe(0)
    await (await ask(url, head)).rest()
    expect(provider.asked()).toHaveLength(2)
  })

  it("do not count against the viewer's limit in the gap, and do again afterwards", async () => {
    const streamer = await serving(file, { maxStreams: 2 })
    const url = await streamer.url(await filmTicket(world, 1, ann))
    await (await ask(url, head)).rest()
    await until("the session is over", async () => (await world.sessions("ann")).length === 0)
    const other = await streamer.url(await filmTicket(world, 2, { ...ann, address: "phone" }))
    const playing = await ask(other, { range: "bytes=0-" })
    expect(playing.status).toBe(206)
    expect((await ask(url, head)).status).toBe(429)
    playing.leave()
    await until("the other session is over", async () => (await world.sessions("ann")).length === 0)
    expect((await ask(url, head)).status).toBe(206)
  })

  it("are ended when the session is taken away", async () => {
    const streamer = await serving(file)
    const answer = await ask(await streamer.url(await filmTicket(world, 1, ann)), { range: "bytes=0-" })
    await answer.take(1000)
    await world.redis.del("viewer:ann:sessions")
    await streamer.keeper.beat()
    expect((await answer.rest()).isWhole).toBe(false)
  })

  it("are ended when the lease is lost; the next one is admitted anew", async () => {
    const streamer = await serving(file)
    const url = await streamer.url(await filmTicket(world, 1, ann))
    const answer = await ask(url, { range: "bytes=0-" })
    await answer.take(1000)
    await world.redis.del("source:demo:leases", "live")
    await streamer.keeper.beat()
    expect((await answer.rest()).isWhole).toBe(false)
    await until("the provider is free", () => provider.counts().active === 0)
    expect((await (await ask(url, head)).rest()).body).toHaveLength(1000)
    expect(await world.leases()).toBe(1)
    expect(provider.counts()).toMatchObject({ peak: 1, refused: 0 })
  })

  it("are sent on to the streamer where the film plays", async () => {
    const first = await serving(file)
    const ticket = await filmTicket(world, 1, ann)
    const playing = await ask(await first.url(ticket), { range: "bytes=0-" })
    const second = running(await startVodStreamer(world))
    const answer = await ask(await second.url(ticket), head)
    expect(answer.status).toBe(302)
    expect((await (await ask(answer.headers.location ?? "", head)).rest()).body).toHaveLength(1000)
    expect([first.vod.size, second.vod.size]).toEqual([1, 0])
    playing.leave()
  })
})

describe("the one connection of an account", () => {
  it("goes from a film that nobody reads to another viewer's, its socket closed first", async () => {
    const streamer = await serving(file)
    const first = await ask(await streamer.url(await filmTicket(world, 1)), { range: "bytes=0-" })
    await first.take(1000)
    first.leave()
    await until("the store knows", async () => (await world.leases()) === 1 && (await isIdle("film-1~tv")))
    const ticket = await filmTicket(world, 2, { address: "phone" })
    expect(ticket.yielded).not.toBeNull()
    expect((await (await ask(await streamer.url(ticket), head)).rest()).body).toHaveLength(1000)
    expect(streamer.vod.reports().map(({ channel }) => channel)).toEqual(["film-2"])
    expect(provider.counts()).toMatchObject({ peak: 1, refused: 0 })
  })

  it("goes from a film that nobody reads to a live channel, and from that to a film", async () => {
    await world.reset()
    const streamer = running(await startVodStreamer(world))
    const film = await ask(await streamer.url(await filmTicket(world, 9001)), head)
    expect((await film.rest()).body).toHaveLength(1000)
    await until("the store knows", () => isIdle("film-9001~tv"))
    const live = ticketOf(await world.admit(1, "bob"), 1)
    expect(live.yielded).not.toBeNull()
    expect((await streamer.pool.obtain(live, staying())).ok).toBe(true)
    expect(streamer.vod.size).toBe(0)
    const ticket = await filmTicket(world, 9003, { viewer: "bob", address: "address" })
    expect(ticket.yielded).toBe(live.lease)
    expect((await (await ask(await streamer.url(ticket), head)).rest()).body).toHaveLength(1000)
    expect(streamer.pool.streams.size).toBe(0)
    expect(world.tally()).toMatchObject({ peak: 1 })
    expect(await world.leases()).toBe(1)
  })

  it("is not used any more once it was promised to another, even if that has not come yet", async () => {
    const streamer = await serving(file)
    const url = await streamer.url(await filmTicket(world, 1))
    await (await ask(url, head)).rest()
    await until("the store knows", () => isIdle("film-1~tv"))
    const promised = await filmTicket(world, 2, { address: "phone" })
    expect((await ask(url, head)).status).toBe(503)
    expect(provider.asked()).toHaveLength(1)
    expect(streamer.vod.size).toBe(0)
    expect((await ask(await streamer.url(promised), head)).status).toBe(206)
  })

  it("goes from what a viewer watches to the film that they choose, on the same player", async () => {
    const streamer = await serving(file)
    const bob = { viewer: "bob" }
    const first = await ask(await streamer.url(await filmTicket(world, 1, bob)), { range: "bytes=0-" })
    await first.take(1000)
    const ticket = await filmTicket(world, 2, bob)
    expect(ticket.yielded).not.toBeNull()
    expect((await (await ask(await streamer.url(ticket), head)).rest()).body).toHaveLength(1000)
    expect((await first.rest()).isWhole).toBe(false)
    expect(provider.counts()).toMatchObject({ peak: 1, refused: 0 })
    expect(await world.leases()).toBe(1)
    expect(await world.sessions("bob")).toHaveLength(0)
  })

  it("is not taken back by a request for what has yielded it", async () => {
    const streamer = await serving(file)
    const bob = { viewer: "bob" }
    const url = await streamer.url(await filmTicket(world, 1, bob))
    await (await ask(url, { range: "bytes=0-" })).take(1000)
    const second = await ask(await streamer.url(await filmTicket(world, 2, bob)), { range: "bytes=0-" })
    await second.take(1000)
    expect((await ask(url, head)).status).toBe(503)
    expect((await second.rest()).isWhole).toBe(true)
  })
})

it("closing the streamer gives all slots back", async () => {
  const streamer = await serving(file)
  const answer = await ask(await streamer.url(await filmTicket(world, 1, ann)), { range: "bytes=0-" })
  await answer.take(1000)
  await streamer.vod.close()
  expect((await answer.rest()).isWhole).toBe(false)
  expect(await world.leases()).toBe(0)
  expect(provider.counts().active).toBe(0)
  expect(await ask(await streamer.url(await filmTicket(world, 1, ann)))).toMatchObject({ status: 503 })
})
