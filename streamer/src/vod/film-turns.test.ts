import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { fileOf, mebibyte, provider, running, serving, slotsFree, useVodWorld, world } from "./test-vod.ts"
import { ask, filmTicket, startVodStreamer } from "./vod-fixture.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
useVodWorld()

const file = fileOf(40 * mebibyte)
const one = { peak: 1, refused: 0 }
const isFrom = (body: Buffer, first: number) => body.equals(file.subarray(first, first + body.length))

describe("ranges that one viewer reads at once, on an account of one connection", () => {
  it("are all sent to their ends, over one connection at a time", async () => {
    const streamer = await serving(file)
    const ticket = await filmTicket(world, 1, { viewer: "ann" })
    const url = await streamer.url(ticket)
    const places = [0, 5, 13, 22, 30].map((place) => place * mebibyte)
    const bodies = await Promise.all(
      places.map(async (first) =>
        (await ask(url, { range: `bytes=${first}-${first + 6 * mebibyte}` })).rest(),
      ),
    )
    for (const [at, { body, isWhole }] of bodies.entries()) {
      expect(isWhole && body.length === 6 * mebibyte + 1).toBe(true)
      expect(isFrom(body, places[at] ?? 0)).toBe(true)
    }
    expect(provider.counts()).toMatchObject(one)
    // One was broken off when the second came; from then on each was asked for in pieces, on a kept connection.
    expect(provider.counts().connections).toBeLessThanOrEqual(3)
    expect(await world.leases()).toBe(1)
    expect(streamer.vod.reports()).toMatchObject([{ channel: "film-1", kind: "movie", state: "idle" }])
  })

  it("have one go on while the player does not take another's bytes", async () => {
    const streamer = await serving(file)
    const url = await streamer.url(await filmTicket(world, 1))
    const paused = await ask(url, { range: "bytes=0-" })
    const begun = await paused.take(1000)
    await until("the connection is full", () => (provider.asked()[0]?.bytesSent ?? 0) > mebibyte)
    const other = await ask(url, { range: `bytes=${30 * mebibyte}-` })
    expect(isFrom((await other.rest()).body, 30 * mebibyte)).toBe(true)
    const { body, isWhole } = await paused.rest()
    expect(isWhole && Buffer.concat([begun, body]).equals(file)).toBe(true)
    expect(provider.counts()).toMatchObject(one)
  })

  it("cost one that is read alone a single request", async () => {
    const streamer = await serving(file)
    const answer = await ask(await streamer.url(await filmTicket(world, 1)), { range: "bytes=0-" })
    expect((await answer.rest()).body.equals(file)).toBe(true)
    expect(provider.asked()).toHaveLength(1)
  })

  it("are asked for again where the provider still counts the connection that was closed for them", async () => {
    const streamer = await serving(file, { provider: { lagMilliseconds: 400 } })
    const url = await streamer.url(await filmTicket(world, 1))
    const first = await ask(url, { range: "bytes=0-" })
    await first.take(1000)
    first.leave()
    const second = await ask(url, { range: `bytes=${20 * mebibyte}-${20 * mebibyte + 999}` })
    expect(isFrom((await second.rest()).body, 20 * mebibyte)).toBe(true)
    expect(provider.counts().refused).toBeGreaterThan(0)
  })

  it("hold no more than 1 MiB while the player takes nothing", async () => {
    const streamer = await serving(file)
    const answer = await ask(await streamer.url(await filmTicket(world, 1)), { range: "bytes=0-" })
    await answer.take(1000)
    let last = { bytesReceived: 0, bytesSent: 0 }
    await until("nothing comes any more", async () => {
      const [now = last] = streamer.vod.reports()
      const isStill = now.bytesReceived > mebibyte && now.bytesReceived === last.bytesReceived
      last = now
      await delay(100)
      return isStill
    })
    expect(last.bytesReceived - last.bytesSent).toBeGreaterThan(0)
    expect(last.bytesReceived - last.bytesSent).toBeLessThan(mebibyte)
    expect(last.bytesReceived).toBeLessThan(file.length / 2)
    answer.leave()
  })
})

it("ranges at once, and a broken one, are one connection to the demo provider", async () => {
  await world.reset()
  const streamer = running(await startVodStreamer(world))
  const whole = await fetch(`${world.provider.url}/movie/demo/demo/9001.mp4`)
  const original = Buffer.from(await whole.arrayBuffer())
  await until("the account is free", () => world.active() === 0)
  world.provider.resetPeak()
  world.provider.setFault(9001, { kind: "reset", afterBytes: 50_000, requests: 2 })
  const url = await streamer.url(await filmTicket(world, 9001))
  const places = [0, 1000, 20_000, 40_000]
  const bodies = await Promise.all(
    places.map(async (first) => (await (await ask(url, { range: `bytes=${first}-` })).rest()).body),
  )
  for (const [at, body] of bodies.entries()) expect(body.equals(original.subarray(places[at]))).toBe(true)
  expect(world.tally()).toMatchObject({ peak: 1 })
  expect(await world.leases()).toBe(1)
})

it("50 seeks at random, in a hurry, leave neither a lease nor a connection", async () => {
  const streamer = await serving(file, { streamer: { lingerMilliseconds: 100 } })
  const url = await streamer.url(await filmTicket(world, 1, { viewer: "ann" }))
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  const seeks = Array.from({ length: 50 }, async (_, at) => {
    for (let turn = 0; turn < at % 7; turn++) await new Promise((resolve) => setImmediate(resolve))
    const first = random(file.length)
    const answer = await ask(url, { range: `bytes=${first}-` })
    expect(answer.status).toBe(206)
    const body = await answer.take(1 + random(2 * mebibyte))
    answer.leave()
    expect(isFrom(body, first)).toBe(true)
  })
  await Promise.all(seeks)
  await slotsFree()
  expect(provider.counts()).toMatchObject(one)
  expect(await world.sessions("ann")).toEqual([])
  expect(streamer.vod.size).toBe(0)
})
