import { keys } from "@tributary/shared/store/keys"
import type { FeedHealth, ProfileReport } from "@tributary/shared/store/records"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { openPlayer } from "../../../infra/e2e/player/play.ts"
import { spare, staying } from "./pool-fixture.ts"
import { admitted, fresh, plays, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

const backup = { name: "Backup", ...spare, maxStreams: 1 }

async function healthOf(feed: string): Promise<FeedHealth | null> {
  const text = await world.redis.get<string>(keys.feedHealth(feed))
  return text === null ? null : (JSON.parse(text) as FeedHealth)
}

async function reportOf(profile: string): Promise<ProfileReport | null> {
  const text = await world.redis.hget<string>(keys.reports("demo"), profile)
  return text === null ? null : (JSON.parse(text) as ProfileReport)
}

/** Somebody who uses the account without Tributary. */
async function stranger() {
  const player = openPlayer(`${world.provider.url}/live/demo/demo/1.ts`)
  onTestFinished(async () => void (await player.close()))
  await player.firstByte
  return player
}

describe("a provider that refuses a connection", () => {
  it("is asked with the next profile, and nothing is held against the feed", async () => {
    const streamer = await fresh({}, 1, [backup])
    await stranger()
    const player = await watch(streamer, await admitted(2))
    await plays(player)
    expect(world.tally("spare")).toMatchObject({ active: 1, opened: 1 })
    expect(world.tally()).toMatchObject({ active: 1, refused: 1 })
    expect(streamer.refusals()).toBe(1)
    expect(await healthOf("feed-2")).toBeNull()
    expect(await world.leases()).toBe(1)
    // The next one does not even try.
    expect((await reportOf("primary"))?.refusedUntil).toBeGreaterThan(Date.now())
    expect(await world.admit(3, "ann")).toMatchObject({ code: "no_capacity", reasons: ["full", "refused"] })
  })

  it("is full, not broken, for the viewer", async () => {
    const streamer = await fresh()
    await stranger()
    const result = await streamer.pool.obtain(await admitted(2, "ann"), staying())
    expect(result).toMatchObject({ ok: false, code: "refused", admission: { code: "no_capacity" } })
    expect(await world.leases()).toBe(0)
    expect(await world.sessions("ann")).toEqual([])
  })

  it.each([401, 403, 429, 458, 503, 509])("says so with status %i", async (whenFull) => {
    const streamer = await fresh({}, 1, [backup])
    world.provider.setSettings({ whenFull })
    await stranger()
    await plays(await watch(streamer, await admitted(2)))
    expect(await healthOf("feed-2")).toBeNull()
  })
})

describe("a feed that does not open", () => {
  it("is followed by the channel's next one, for the same viewer", async () => {
    const streamer = await fresh()
    world.provider.setFault(1, { kind: "status", status: 404 })
    const ticket = await admitted(8, "ann")
    expect(ticket.feed).toBe("first")
    const result = await streamer.pool.obtain(ticket, staying())
    expect(result).toMatchObject({ ok: true, ticket: { feed: "second" } })
    expect(await healthOf("first")).toMatchObject({ failures: 1, blocks: 0 })
    expect(await world.leases()).toBe(1)
    expect(await world.sessions("ann")).toHaveLength(1)
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
  })

  it("is left alone for a while after some failures, and not asked at all then", async () => {
    const streamer = await fresh({ maxFailuresBeforeBlock: 2, poolGrace: "20ms" })
    world.provider.setFault(1, { kind: "status", status: 500 })
    for (let count = 0; count < 2; count++) {
      const result = await streamer.pool.obtain(await admitted(1), staying())
      expect(result).toMatchObject({ code: "upstream_failed", failure: { status: 500 } })
    }
    expect(await healthOf("feed-1")).toMatchObject({ failures: 2, blocks: 1 })
    expect(await world.admit(1)).toMatchObject({ code: "no_capacity", reasons: ["blocked"] })
  })

  it("is as good as ever once it opens", async () => {
    const streamer = await fresh()
    world.provider.setFault(1, { kind: "status", status: 404, requests: 1 })
    await streamer.pool.obtain(await admitted(1), staying())
    expect(await healthOf("feed-1")).not.toBeNull()
    const ticket = await admitted(1)
    expect(ticket.failing).toBe(true)
    await plays(await watch(streamer, ticket))
    await vi.waitFor(async () => expect(await healthOf("feed-1")).toBeNull())
  })
})
