import { keys as stored } from "@tributary/shared/store/keys"
import { replaceSettings } from "@tributary/shared/store/save-config"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { until } from "../pool-fixture.ts"
import {
  channels,
  firstProfiles,
  type ModelWorld,
  sourcesOf,
  startModelWorld,
  ticketOf,
  viewers,
  type Watching,
} from "./model-world.ts"

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 })

let real: ModelWorld
beforeAll(async () => {
  real = await startModelWorld()
})
afterAll(() => real?.close())

const zaps = Number(process.env.ZAPS ?? 10_000)
const stages = ["redirected", "connecting", "playing", "zapping"] as const

/** The same sequence in each run: a linear congruential generator. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A player that changes channel again and again, and is gone at any stage of it. */
class Zapper {
  readonly #random: (below: number) => number
  readonly #device: string
  #playing: Watching | null = null
  readonly reached = new Map<string, number>()

  constructor(seed: number) {
    this.#random = randomFrom(seed)
    this.#device = `tv${seed}`
  }

  async zap(): Promise<void> {
    const viewer = viewers[this.#random(viewers.length)] as (typeof viewers)[number]
    const channel = channels[this.#random(channels.length)] ?? ""
    const stage = stages[this.#random(stages.length)] ?? "playing"
    // Half of all players close the old connection before they ask for the new one.
    if (stage !== "zapping") await this.leave()
    const admission = await real.click({ viewer, device: this.#device, channel })
    const ticket = ticketOf(admission, channel)
    if (stage === "zapping") await this.leave()
    this.#count(ticket === null ? admission.code : stage)
    if (ticket === null || stage === "redirected") return
    const player = await real.follow(ticket)
    this.#playing = player
    if (stage !== "connecting") return void (await player.started)
    for (let turn = this.#random(6); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve))
    await this.leave()
  }

  async leave(): Promise<void> {
    this.#playing?.close()
    await this.#playing?.closed
    this.#playing = null
  }

  #count(what: string): void {
    this.reached.set(what, (this.reached.get(what) ?? 0) + 1)
  }
}

it("leaves nothing behind after 10,000 zaps that are aborted at every stage", async () => {
  await real.reset()
  await replaceSettings(real.world.redis, { poolGrace: "50ms", stallTimeout: "2s" })
  for (const streamer of real.streamers) await streamer.config.refresh()
  const zappers = Array.from({ length: 6 }, (_, index) => new Zapper(index + 1))
  let left = zaps
  await Promise.all(
    zappers.map(async (zapper) => {
      while (left-- > 0) await zapper.zap()
      await zapper.leave()
    }),
  )
  const reached = zappers.flatMap((zapper) => [...zapper.reached])
  for (const stage of stages) {
    const count = reached.filter(([what]) => what === stage).reduce((sum, [, times]) => sum + times, 0)
    expect(count, `zaps that were ${stage}`).toBeGreaterThan(zaps / 20)
  }
  for (const profile of firstProfiles)
    expect(real.peakOf(profile), `${profile.source}/${profile.id}`).toBeLessThanOrEqual(profile.limit)
  for (const { pool, keeper } of real.streamers) {
    await until("every stream has closed", () => pool.streams.size === 0 && !pool.isBusy)
    await until("every session has ended", () => keeper.sessions.size === 0)
  }
  await real.quiet()
  await real.expire()
  expect(await real.slots()).toBe(0)
  for (const { name } of viewers) expect(await real.liveSessions(name)).toEqual([])
  await until("nothing is connected", () => real.world.provider.connections().open.length === 0)
  // Streams that nobody came for are forgotten with the first request that needs their slot.
  for (const channel of channels) {
    const ticket = ticketOf(
      await real.click({ viewer: viewers[1] as never, device: "last", channel }),
      channel,
    )
    expect(sourcesOf(channel)).toContain(ticket?.source)
    await (await real.follow(ticket as never)).started
  }
  expect((await real.world.redis.hkeys(stored.live)).length).toBeLessThanOrEqual(channels.length)
})
