import { keys } from "@tributary/shared/store/keys"
import { describe, expect, it, vi } from "vitest"
import { channelId, findChannel, until } from "../pool/pool-fixture.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import type { OpenPast, PastTime } from "./past-player.ts"
import { serving, slotsFree, useVodWorld, world } from "./test-vod.ts"
import { ask, pastTicket } from "./vod-fixture.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useVodWorld()

/** A provider's past: endless pieces that name their start, and how many are open at once. */
function pastProvider() {
  const counts = { open: 0, peak: 0, opened: [] as PastTime[], pieces: 0 }
  let refusals: UpstreamFailure[] = []
  const openPast: OpenPast = async (_feed, _source, _profile, _settings, time, signal) => {
    counts.opened.push(time)
    const refusal = refusals.shift()
    if (refusal !== undefined) return { ok: false, failure: refusal }
    if (signal.aborted) return { ok: false, failure: { code: "aborted" } }
    counts.peak = Math.max(counts.peak, ++counts.open)
    // As an answer comes a moment later.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    const closing = new AbortController()
    const read = async (onChunk: (chunk: Buffer) => Promise<void> | void): Promise<UpstreamFailure> => {
      const piece = Buffer.alloc(188 * 100, `${time.start};`)
      for (let left = time.seconds === 1 ? 10 : Number.POSITIVE_INFINITY; left > 0; left--) {
        if (closing.signal.aborted) return { code: "aborted" }
        counts.pieces++
        await onChunk(piece)
        await new Promise((resolve) => setImmediate(resolve))
      }
      return { code: "ended" }
    }
    const close = async () => {
      if (closing.signal.aborted) return
      closing.abort()
      // As a socket is gone a moment later.
      await new Promise((resolve) => setImmediate(resolve))
      counts.open--
    }
    return { ok: true, past: { contentType: "video/mp2t", read, close } }
  }
  return {
    openPast,
    counts,
    refuse: (...failures: UpstreamFailure[]) => {
      refusals = failures
    },
  }
}

async function start(lingerMilliseconds = 10_000) {
  const past = pastProvider()
  const streamer = await serving(Buffer.alloc(0), {
    streamer: { openPast: past.openPast, lingerMilliseconds },
  })
  const play = async (start: number, viewer: string | null = null) =>
    await ask(await streamer.url(await pastTicket(world, start, { viewer }), "ts"))
  return { streamer, past, play }
}

describe("a channel's past", () => {
  it("is sent as it comes, on a session and a lease of its own", async () => {
    const { past, play, streamer } = await start()
    const answer = await play(1000, "ann")
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      "content-type": "video/mp2t",
      "transfer-encoding": "chunked",
      "accept-ranges": "none",
    })
    expect((await answer.take(10)).toString()).toBe("1000;1000;")
    expect(past.counts.opened).toEqual([{ start: 1000, seconds: 600 }])
    expect(await world.sessions("ann")).toHaveLength(1)
    expect(await world.leases()).toBe(1)
    expect(streamer.vod.reports()).toMatchObject([{ id: "catchup.channel-1~anntv", kind: "catchup" }])
    answer.leave()
    await until("the upstream is closed", () => past.counts.open === 0)
    await until("the session is over", async () => (await world.sessions("ann")).length === 0)
    expect(await world.leases()).toBe(1)
  })

  it("has a seek close the old connection and end its answer before the new one is opened", async () => {
    const { past, play } = await start()
    const first = await play(1000, "ann")
    await first.take(1000)
    const second = await play(2000, "ann")
    expect((await second.take(10)).toString()).toBe("2000;2000;")
    expect((await first.rest()).isWhole).toBe(false)
    expect(past.counts).toMatchObject({ open: 1, peak: 1 })
    expect(await world.sessions("ann")).toHaveLength(1)
    expect(await world.leases()).toBe(1)
    second.leave()
  })

  it("has the last of several seeks at once win", async () => {
    const { past, play } = await start()
    const first = await play(1000)
    await first.take(1000)
    const answers = await Promise.allSettled([2000, 3000, 4000].map((at) => play(at)))
    await until("one is left", () => past.counts.open === 1)
    expect(past.counts.peak).toBe(1)
    for (const answer of answers) if (answer.status === "fulfilled") answer.value.leave()
    await until("the upstream is closed", () => past.counts.open === 0)
  })

  it("waits for a player that takes nothing", async () => {
    const { past, play } = await start()
    const answer = await play(1000)
    let last = -1
    await until("nothing comes any more", async () => {
      const isStill = last === past.counts.pieces
      last = past.counts.pieces
      await new Promise((resolve) => setTimeout(resolve, 100))
      return isStill
    })
    answer.leave()
    await until("the upstream is closed", () => past.counts.open === 0)
  })

  it("ends when its provider has sent all", async () => {
    const { play, streamer } = await start(50)
    await (await play(1000)).take(1)
    const ticket = await pastTicket(world, 1500)
    const short = { ...ticket, catchup: { start: 1500, seconds: 1 } }
    const { body, isWhole } = await (await ask(await streamer.url(short, "ts"))).rest()
    expect([isWhole, body.length]).toEqual([true, 188 * 1000])
    await slotsFree()
  })

  it("says why it does not open, and leaves neither lease nor session, nor a failure of the live feed", async () => {
    const { play, past } = await start(50)
    const [feed] = findChannel(channelId(1))?.feeds ?? []
    past.refuse({ code: "http_status", status: 404 })
    expect((await play(1000, "ann")).status).toBe(502)
    await slotsFree()
    expect(await world.sessions("ann")).toEqual([])
    expect(await world.redis.exists(keys.feedHealth(feed?.id ?? ""))).toBe(0)
  })

  it("is asked for again where the provider still counts the connection that was closed for it", async () => {
    const { play, past } = await start()
    await (await play(1000)).take(1)
    past.refuse({ code: "http_status", status: 403 }, { code: "http_status", status: 403 })
    const second = await play(2000)
    expect((await second.take(5)).toString()).toBe("2000;")
    second.leave()
  })
})
