import { describe, expect, it, vi } from "vitest"
import { until } from "./pool-fixture.ts"
import { admitted, another, players, plays, slotsFree, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

describe.each([-5, 5])("a streamer whose clock is %i minutes off", (minutes) => {
  it("plays, zaps, takes its viewers back and gives its slots back as any other", async () => {
    await world.reset({ poolGrace: "300ms" })
    const streamer = await another("", () => Date.now() + minutes * 60_000)
    const first = await admitted(1, "bob")
    await plays(await watch(streamer, first))
    const beats = streamer.beats()
    await plays(await watch(streamer, await admitted(2, "bob")))
    // A fresh ticket is known to be fresh, so nothing more is asked of the store.
    expect(streamer.beats()).toBe(beats)
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, refused: 0 })
    for (const player of players.splice(0)) await player.close()
    await slotsFree()
    await plays(await watch(streamer, first))
    await players.splice(0)[0]?.close()
    await slotsFree()
    await until("the session has ended", async () => (await world.sessions("bob")).length === 0)
  })
})
