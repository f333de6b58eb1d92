import { describe, expect, it, vi } from "vitest"
import { channelId, until } from "./pool-fixture.ts"
import { admitted, fresh, unbroken, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
useWorld()

describe("an HLS feed", () => {
  it.each([
    ["of a window of 30 segments", { hlsWindow: 30 }, false],
    ["encrypted with AES-128", { hlsEncryption: "aes-128" as const }, false],
    ["with a discontinuity each second segment", { hlsDiscontinuityEvery: 2 }, true],
  ])("%s is one transport stream for its viewers", async (_, settings, isBroken) => {
    const streamer = await fresh()
    world.provider.setSettings(settings)
    world.provider.resetHlsRequests()
    const viewers = await Promise.all([1, 2].map(async () => watch(streamer, await admitted(10))))
    for (const viewer of viewers) {
      const report = await viewer.waitFor(({ mediaSeconds }) => mediaSeconds > 14, 25_000)
      expect(report).toMatchObject(unbroken)
      expect(report.discontinuities > 0).toBe(isBroken)
    }
    expect(streamer.pool.streams.get(channelId(10))?.report()).toMatchObject({ failovers: 0, state: "live" })
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
  })

  it("that fails is followed by a feed of another kind", async () => {
    const streamer = await fresh({ stallTimeout: "1s" })
    const viewer = await watch(streamer, await admitted(10))
    await viewer.waitFor(({ mediaSeconds }) => mediaSeconds > 2, 10_000)
    world.provider.setFault(1, { kind: "status", status: 404 })
    const stream = streamer.pool.streams.get(channelId(10))
    await until("it has failed over", () => stream?.report().failovers === 1, 30_000)
    const from = viewer.report().mediaSeconds
    const report = await viewer.waitFor(({ mediaSeconds }) => mediaSeconds > from + 2, 15_000)
    expect(report).toMatchObject(unbroken)
    expect(stream?.connection.feed).toBe("second")
  })
})
