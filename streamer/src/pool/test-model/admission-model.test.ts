import type { Ticket } from "@tributary/shared/ticket"
import fc from "fast-check"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { until } from "../pool-fixture.ts"
import { AdmissionModel, type ModelClick } from "./admission-model.ts"
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

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

let real: ModelWorld
beforeAll(async () => {
  real = await startModelWorld()
})
afterAll(() => real?.close())

type Step =
  | {
      kind: "click"
      viewer: number
      device: number
      channel: number
      next: "play" | "nothing" | "abort"
    }
  | { kind: "leave" | "crash"; which: number }
  | { kind: "limit"; profile: number; limit: number }
  | { kind: "beat" | "expire" }
  | { kind: "lose"; channel: number }

// The same sequences in each run, so that what fails can be run again; MODEL_RUNS makes more of them, and MODEL_SEED and
// MODEL_PATH choose others.
const { MODEL_RUNS: runs = "12", MODEL_SEED: seed = "20261124", MODEL_PATH: path = "" } = process.env

const index = (length: number) => fc.nat({ max: length - 1 })
const steps = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant("click" as const),
        viewer: index(viewers.length),
        device: index(2),
        channel: index(channels.length),
        next: fc.constantFrom("play", "play", "play", "nothing", "abort"),
      }),
    },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("leave" as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const), which: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("limit" as const),
        profile: index(firstProfiles.length),
        limit: fc.integer({ min: 1, max: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("beat" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("expire" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("lose" as const), channel: index(channels.length) }),
    },
  ) as fc.Arbitrary<Step>,
  { minLength: 30, maxLength: 60 },
)

/** One run: the model, and the players that are connected. */
class Run {
  readonly model = new AdmissionModel(firstProfiles.map((profile) => ({ ...profile })))
  readonly players: Watching[] = []

  async step(step: Step): Promise<void> {
    switch (step.kind) {
      case "click":
        return this.#click(step)
      case "leave":
        return this.#leave(step.which)
      case "crash":
        return this.#crash(step.which)
      case "limit":
        this.model.profiles = this.model.profiles.map((profile, at) =>
          at === step.profile ? { ...profile, limit: step.limit } : profile,
        )
        await real.saveProfiles(this.model.profiles)
        return
      case "beat":
        await Promise.all(real.streamers.map((streamer) => streamer.beat()))
        return
      case "expire":
        await real.expire()
        this.#forgetAbsent()
        return
      case "lose":
        return this.#lose(channels[step.channel] ?? "")
    }
  }

  async #click(step: Extract<Step, { kind: "click" }>): Promise<void> {
    const viewer = viewers[step.viewer] as (typeof viewers)[number]
    const channel = channels[step.channel] ?? ""
    const click: ModelClick = { viewer, device: `tv${step.device}`, channel, sources: sourcesOf(channel) }
    const foretold = this.model.foretell(click)
    const admission = await real.click(click)
    expect(admission.code, `${viewer.name} clicks ${channel}`).toBe(foretold.code)
    const ticket = ticketOf(admission, channel)
    if (ticket === null) return
    if (foretold.code === "join") expect(ticket).toMatchObject({ lease: foretold.lease, ends: foretold.ends })
    if (foretold.code === "open") {
      expect(ticket).toMatchObject({ source: foretold.source, profile: foretold.profile })
      if (foretold.yielded === null) expect(ticket.yielded).toBeNull()
      else expect(foretold.yielded).toContain(ticket.yielded)
    }
    this.model.apply(click, ticket, foretold.code === "join" ? "join" : "open")
    if (step.next === "nothing") return
    const player = await real.follow(ticket)
    if (step.next === "play") {
      expect(await player.started, "it plays").toBe(true)
      this.players.push(player)
      return
    }
    player.close()
    await player.closed
    await real.quiet()
    await this.#settle(ticket.session, ticket.lease)
  }

  /** Which of its stages an aborted start had reached is left to chance: the store tells what came of it. */
  async #settle(session: string, lease: string): Promise<void> {
    const viewer = this.model.sessions.get(session)?.viewer ?? ""
    if (!(await real.liveSessions(viewer)).includes(session)) this.model.end(session)
    const live = [...(await real.liveRecords()).values()]
    if (!live.some((record) => record.lease === lease)) this.model.close(lease)
  }

  async #leave(which: number): Promise<void> {
    const [player] = this.players.splice(which % Math.max(1, this.players.length), 1)
    if (player === undefined) return
    player.close()
    await player.closed
    await until("it is gone", () => !player.streamer.plays(player.ticket.session) || this.#has(player))
    // Another connection of the same session may go on.
    if (!this.#has(player)) this.model.end(player.ticket.session)
  }

  #has({ ticket }: Watching): boolean {
    return this.players.some((other) => other.ticket.session === ticket.session)
  }

  async #crash(which: number): Promise<void> {
    const streamer = real.streamers[which % real.streamers.length]
    if (streamer === undefined) return
    const leases = [...this.model.streams.values()].map(({ lease }) => lease)
    const gone = leases.filter((lease) => streamer.keeper.holds(lease))
    await real.crash(streamer)
    for (const lease of gone) this.model.close(lease)
    this.#forgetAbsent()
    for (const player of this.players.splice(0))
      if (player.streamer === streamer) await player.closed
      else this.players.push(player)
  }

  /** Time has passed for what nobody holds. */
  #forgetAbsent(): void {
    const held = real.streamers.flatMap(({ keeper }) => keeper.sessions.held().map(({ member }) => member))
    for (const session of [...this.model.sessions.keys()])
      if (!held.includes(session)) this.model.end(session)
    for (const { lease } of [...this.model.streams.values()])
      if (!real.streamers.some(({ keeper }) => keeper.holds(lease))) this.model.close(lease)
  }

  async #lose(channel: string): Promise<void> {
    // A connection that was promised to a player who never came runs on until its streamer hears of it; if the store
    // loses its data before, it is still there afterwards. The model knows of no such connections.
    await Promise.all(real.streamers.map((streamer) => streamer.beat()))
    await real.quiet()
    const recovered = await real.loseData()
    const stranger = { viewer: viewers[3] as (typeof viewers)[number], device: "stranger", channel }
    expect(await real.click(stranger)).toEqual({ code: "no_streamer" })
    const [first, ...others] = real.streamers
    await first?.beat()
    // Whoever has not been heard of may hold any slot: nothing is opened meanwhile.
    const early = await real.click(stranger)
    if (early.code === "join")
      this.model.apply({ ...stranger, sources: [] }, ticketOf(early, channel) as Ticket, "join")
    else expect(early).toMatchObject({ code: "no_capacity", reasons: ["recovering"] })
    for (const streamer of others) await streamer.beat()
    await recovered()
    if (early.code === "join") await real.expire()
    this.#forgetAbsent()
  }

  /** Limits as the provider's own counters, and the store, see them. */
  async check(peaks: Map<string, number>, after: string): Promise<void> {
    await real.quiet()
    for (const profile of this.model.profiles) {
      const name = `${profile.source}/${profile.id}`
      // What ran before a limit was lowered may go on.
      const most = Math.max(profile.limit, this.model.on(profile).length, peaks.get(name) ?? 0)
      peaks.set(name, most)
      expect(real.peakOf(profile), `connections of ${name} after ${after}`).toBeLessThanOrEqual(most)
    }
    for (const { name, maxStreams } of viewers) {
      const sessions = await real.liveSessions(name)
      const modelled = [...this.model.sessions].filter(([, session]) => session.viewer === name)
      const ids = new Set(modelled.map(([id]) => id))
      expect(new Set(sessions), `sessions of ${name} after ${after}`).toEqual(ids)
      expect(sessions.length).toBeLessThanOrEqual(maxStreams ?? Infinity)
    }
    expect(await real.slots(), `slots after ${after}`).toBe(this.model.streams.size)
    // Players whose session was ended for another one are told.
    for (const player of this.players.splice(0)) {
      if (this.model.sessions.has(player.ticket.session)) this.players.push(player)
      else await player.closed
    }
  }

  /** When everyone has left, nothing is held. */
  async end(): Promise<void> {
    for (const player of this.players.splice(0)) player.close()
    for (const streamer of real.streamers) {
      await until("nobody watches", () => streamer.pool.viewers === 0)
      for (const stream of [...streamer.pool.streams.values()]) await stream.close("idle")
    }
    await real.quiet()
    await real.expire()
    expect(await real.slots()).toBe(0)
    for (const { name } of viewers) expect(await real.liveSessions(name)).toEqual([])
    await until("the provider sees the end", () => real.world.provider.connections().open.length === 0)
    for (const streamer of real.streamers)
      expect([streamer.pool.streams.size, streamer.keeper.sessions.size]).toEqual([0, 0])
  }
}

it("decides as the model does, whatever happens, and no limit is ever exceeded", async () => {
  const property = fc.asyncProperty(steps, async (list) => {
    await real.reset()
    const run = new Run()
    const peaks = new Map<string, number>()
    for (const step of list) {
      await run.step(step)
      await run.check(peaks, JSON.stringify(step))
    }
    await run.end()
  })
  await fc.assert(property, { numRuns: Number(runs), seed: Number(seed), path, endOnFailure: true })
})
