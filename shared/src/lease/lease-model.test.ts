import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { replaceSettings } from "../store/save-config.ts"
import { admit, isAdmitted } from "./admit.ts"
import { type Given, pass, TestCluster } from "./test-cluster.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())

const second = { id: "second", name: "x", username: "u2", password: "p2", maxStreams: 2 }
const limits = { "a/primary": 1, "a/second": 2, "b/primary": 1 }
const places = { ann: 2, bob: 1, eve: null }

async function configure(): Promise<void> {
  await replaceSettings(store.redis, { publicPlaylist: true })
  await world.sources({ a: { maxStreams: 1, profiles: [second] }, b: 1 })
  await world.viewers(
    { username: "ann", maxStreams: places.ann, whenFull: "replace" },
    { username: "bob", maxStreams: places.bob },
    { username: "eve" },
  )
}

type Step =
  | {
      kind: "click"
      viewer: string
      address: string
      channel: string
      sources: string[]
      region: string
      solo: boolean
    }
  | { kind: "arrive" | "miss" | "go"; which: number }
  | { kind: "pass" | "outage"; milliseconds: number }
  | { kind: "beat" | "crash" | "endGrace"; streamer: string }
  | { kind: "loseData" }

const oneOf = fc.constantFrom
const click = fc.record({
  kind: fc.constant("click" as const),
  viewer: oneOf("ann", "bob", "eve", ""),
  address: oneOf("tv", "phone"),
  channel: oneOf("1", "2", "3", "4", "5"),
  sources: oneOf<string[]>(["a"], ["b"], ["a", "b"], ["b", "a"]),
  region: oneOf("EU", "NA"),
  solo: oneOf(false, false, false, true),
})
const streamer = oneOf("s1", "s2")
const which = fc.nat(20)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: click },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("arrive" as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("miss" as const), which }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("go" as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass" as const), milliseconds: fc.nat(4000) }) },
  { weight: 2, arbitrary: fc.record({ kind: oneOf("beat" as const, "endGrace" as const), streamer }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const), streamer }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("outage" as const), milliseconds: oneOf(8000, 16_000, 60_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "loseData" as const }) },
)

/** One run of everything: players, streamers and the store. */
class Run {
  readonly cluster = new TestCluster(store)
  /** Tickets whose players are on the way, with the time they have left. */
  tickets: { given: Given; leftMilliseconds: number }[] = []
  playing: Given[] = []
  #made = 0
  #knowsSessions = true

  async begin(): Promise<void> {
    await store.redis.flushall()
    await configure()
    await this.cluster.start("s1", "EU")
    await this.cluster.start("s2", "NA")
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "click":
        return this.#click(step)
      case "arrive":
        return this.#arrive(step.which)
      case "miss":
        this.tickets.splice(step.which % Math.max(1, this.tickets.length), 1)
        return
      case "go":
        return this.#go(step.which)
      case "beat":
        return this.cluster.streamers.get(step.streamer)?.beat()
      case "endGrace":
        return this.cluster.streamers.get(step.streamer)?.endGrace()
      case "crash":
        this.cluster.crash(step.streamer)
        // What others hold they have said before: one that is new cannot know that the store was away.
        await this.cluster.beatAll()
        return this.cluster.start(step.streamer, step.streamer === "s1" ? "EU" : "NA")
      case "pass":
        return this.pass(step.milliseconds)
      case "outage":
        // Nobody reaches the store, but players that have come play on. Before it, everybody did.
        await this.cluster.beatAll()
        await pass(store, step.milliseconds)
        this.tickets = []
        return
      case "loseData":
        // A viewer may come back elsewhere before their session is asserted.
        this.#knowsSessions = false
        await store.redis.flushall()
        return configure()
    }
  }

  /** Time in which every streamer has its heartbeat. */
  async pass(milliseconds: number): Promise<void> {
    await this.cluster.beatAll()
    await pass(store, milliseconds)
    await this.cluster.beatAll()
    for (const ticket of this.tickets) ticket.leftMilliseconds -= milliseconds
    this.tickets = this.tickets.filter(({ leftMilliseconds }) => leftMilliseconds > 0)
  }

  async #click({ viewer, address, channel, sources, region, solo }: Extract<Step, { kind: "click" }>) {
    const owner = solo ? `${viewer}/${address}` : undefined
    const request = await world.request(channel, sources, {
      ...{ address, region, lease: `lease ${++this.#made}`, session: `session ${this.#made}` },
      ...(viewer === "" ? {} : { as: viewer }),
      ...(owner === undefined ? {} : { owner }),
    })
    const admission = await admit(store.run, request)
    if (!isAdmitted(admission)) return
    if (admission.code === "open" && admission.yielded !== null)
      expect(await this.#disturbed(admission.yielded, admission.ends)).toEqual([])
    const key = owner === undefined ? channel : `${channel}~${owner}`
    this.tickets.push({ given: { ...admission, key }, leftMilliseconds: 10_000 })
  }

  /** Who loses their picture with a lease, although their session goes on. */
  async #disturbed(lease: string, ends: readonly string[]): Promise<string[]> {
    const disturbed = []
    for (const [session, viewer] of this.cluster.watchersOf(lease)) {
      const goesOn = viewer === "" || (await store.redis.zscore(keys.sessions(viewer), session)) !== null
      if (goesOn && !ends.includes(session)) disturbed.push(session)
    }
    return disturbed
  }

  async #arrive(which: number): Promise<void> {
    const [ticket] = this.tickets.splice(which % Math.max(1, this.tickets.length), 1)
    if (ticket === undefined) return
    const { given } = ticket
    if (await this.cluster.streamers.get(given.streamer)?.arrive(given)) this.playing.push(given)
  }

  async #go(which: number): Promise<void> {
    const [given] = this.playing.splice(which % Math.max(1, this.playing.length), 1)
    if (given !== undefined) await this.cluster.streamers.get(given.streamer)?.leave(given.key, given.session)
  }

  async check(): Promise<void> {
    for (const [name, limit] of Object.entries(limits)) {
      const [source = "", profile = ""] = name.split("/")
      expect(this.cluster.connections(source, profile), name).toBeLessThanOrEqual(limit)
    }
    if (!this.#knowsSessions) return
    const now = await store.now()
    const count = async ([viewer, most]: [string, number | null]) => {
      const many = await store.redis.zcount(keys.sessions(viewer), `(${now}`, "+inf")
      expect(many, viewer).toBeLessThanOrEqual(most ?? Number.POSITIVE_INFINITY)
    }
    await Promise.all(Object.entries(places).map(count))
  }

  /** Everybody goes, and then nothing is held. */
  async end(): Promise<void> {
    for (const { streams, id } of this.cluster.streamers.values())
      for (const { key, watchers } of [...streams.values()])
        for (const session of [...watchers.keys()]) await this.cluster.streamers.get(id)?.leave(key, session)
    // A stream that is relayed ends when the one that relays it has.
    for (const id of ["s1", "s2", "s1"]) await this.cluster.streamers.get(id)?.endGrace()
    for (let time = 0; time < 5; time++) await this.pass(4000)
    expect([...this.cluster.streamers.values()].map(({ streams }) => streams.size)).toEqual([0, 0])
    const now = await store.now()
    for (const key of [keys.leases("a"), keys.leases("b"), ...Object.keys(places).map(keys.sessions)])
      expect(await store.redis.zcount(key, `(${now}`, "+inf"), key).toBe(0)
    for (const channel of ["6", "7", "8", "9"]) await world.open(channel, ["a", "b"])
  }
}

it("admission exceeds no limit, ends nobody else's picture and keeps no slot, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80, size: "max" }), async (steps) => {
      const run = new Run()
      await run.begin()
      for (const one of steps) {
        await run.take(one)
        await run.check()
      }
      await run.end()
    }),
    // Some seconds; thousands of runs have been done by hand.
    { numRuns: 20 },
  )
}, 120_000)
