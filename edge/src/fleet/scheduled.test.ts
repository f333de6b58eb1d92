import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import { keys } from "@tributary/shared/store/keys"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../test-support/edge-under-test.ts"
import { dnsNames, ecsDesired, edgeWith, fleet, setDns, setEcs } from "../test-support/fleet.ts"
import {
  addSources,
  forgetCalls,
  redis,
  registerStreamer,
  secretKeys,
  setStore,
  storeContents,
  streamerCalls,
} from "../test-support/store.ts"
import worker from "../worker.ts"
import { runScheduled } from "./scheduled.ts"

beforeEach(async () => {
  await startAfresh()
  await forgetCalls()
})
afterEach(() => setStore("pass"))

async function tick(): Promise<void> {
  const context = createExecutionContext()
  await worker.scheduled(createScheduledController(), env)
  await waitOnExecutionContext(context)
}

/** As if the streamer's last heartbeat was so long ago. */
async function silence(streamer: string, seconds: number): Promise<void> {
  const record = JSON.parse((await redis.hget<string>(keys.streamers, streamer)) ?? "")
  await redis.hset(keys.streamers, {
    [streamer]: JSON.stringify({ ...record, at: record.at - seconds * 1000 }),
  })
}

const makeImportDue = () => addSources({ id: "acme", type: "m3u", url: "http://provider.example/list.m3u" })
const calledStreamers = async () => (await streamerCalls()).map(({ path }) => path.split("/")[2])

describe("each minute", () => {
  it("forgets streamers that have been silent for over five minutes, and no others", async () => {
    for (const [streamer, seconds] of [
      ["alive", 0],
      ["late", 290],
      ["dead", 310],
      ["long-dead", 90_000],
    ] as const) {
      await registerStreamer(streamer)
      await silence(streamer, seconds)
    }
    await tick()
    expect(new Set(await redis.hkeys(keys.streamers))).toEqual(new Set(["alive", "late"]))
  })

  it("forgets live streams that nobody holds any more", async () => {
    await makeImportDue()
    const stream = { lease: "L", source: "acme", profile: "primary", feed: "f", streamer: "gone" }
    await redis.hset(keys.live, { "101": JSON.stringify(stream), "102": JSON.stringify(stream) })
    await redis.zadd(keys.leases("acme"), { score: Date.now(), member: "primary/102/L" })
    await tick()
    expect(await redis.hkeys(keys.live)).toEqual(["102"])
  })

  it("changes nothing and calls nobody when nothing is due", async () => {
    await registerStreamer("one")
    await makeImportDue()
    await redis.zadd(keys.importsDue, { score: Date.now() + 60_000, member: "acme" })
    const before = await storeContents()
    await tick()
    expect(await storeContents()).toEqual(before)
    expect(await streamerCalls()).toEqual([])
  })

  it("has the streamer with fewest viewers import what is due, by a call of this installation", async () => {
    await registerStreamer("busy", { viewers: 5 })
    await registerStreamer("calm", { viewers: 2 })
    await registerStreamer("leaving", { draining: true })
    await makeImportDue()
    await tick()
    const calls = await streamerCalls()
    expect(calls).toMatchObject([{ method: "POST", path: "/streamer/calm/internal/imports" }])
    const authorization = calls[0]?.authorization
    const now = Date.now() / 1000
    expect(await isTierCall(secretKeys, "streamer-internal", authorization, now)).toBe(true)
    expect(await isTierCall(secretKeys, "edge-internal", authorization, now)).toBe(false)
  })

  it("calls no streamer that died, though it is not forgotten yet", async () => {
    await registerStreamer("silent", { viewers: 0 })
    await silence("silent", 60)
    await registerStreamer("alive", { viewers: 7 })
    await makeImportDue()
    await tick()
    expect(await calledStreamers()).toEqual(["alive"])
  })

  it("goes on without a streamer, or with one that fails or is gone", async () => {
    await makeImportDue()
    await tick()
    for (const internalAddress of [`${env.CONTROL_URL}/failing-streamer/one`, "http://127.0.0.1:1"]) {
      await registerStreamer("one", { internalAddress })
      await tick()
    }
    expect(await calledStreamers()).toEqual(["one"])
  })

  it("scales the fleets and deletes records of streamers that are gone", async () => {
    await setEcs({ streamer: { desired: 0 }, other: { desired: 1 } })
    await setDns([{ name: "gone.streams.tv.example" }, { name: "one.streams.tv.example" }])
    await registerStreamer("one")
    const fleets = [
      { ...fleet, minimum: 2 },
      { ...fleet, name: "other", service: "other" },
    ]
    await runScheduled(await edgeWith(fleets))
    expect([await ecsDesired("streamer"), await ecsDesired("other")]).toEqual([2, 1])
    expect(await dnsNames()).toEqual(["one.streams.tv.example"])
  })

  it("starts a streamer for what is to be imported, where none runs", async () => {
    await setEcs({ streamer: { desired: 0 } })
    await setDns([])
    const edge = await edgeWith([fleet])
    await runScheduled(edge)
    expect(await ecsDesired()).toBe(0)
    await makeImportDue()
    await runScheduled(edge)
    expect(await ecsDesired()).toBe(1)
  })

  it("does the rest though ECS and Cloudflare fail", async () => {
    await setEcs({ streamer: { desired: 0 } }, { fault: "internal" })
    await setDns([], { fault: "unavailable" })
    await registerStreamer("dead")
    await silence("dead", 310)
    await runScheduled(await edgeWith([{ ...fleet, minimum: 1 }]))
    expect(await redis.hkeys(keys.streamers)).toEqual([])
  })

  it("fails without telling the store's address while the store is away", async () => {
    await setStore("refuse")
    await expect(tick()).rejects.toMatchObject({
      name: "StoreUnavailableError",
      message: expect.not.stringMatching(/127|http/),
    })
  })
})
