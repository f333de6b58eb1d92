import { randomUUID } from "node:crypto"
import { get, type IncomingMessage } from "node:http"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { sourceSchema, viewerSchema } from "@tributary/shared/config/config-file"
import { admit, isAdmitted } from "@tributary/shared/lease/admit"
import { keys as stored } from "@tributary/shared/store/keys"
import type { LiveRecord, StreamerRecord } from "@tributary/shared/store/records"
import { replaceSettings, saveSources, saveViewers } from "@tributary/shared/store/save-config"
import { type Ticket, ticketFrom } from "@tributary/shared/ticket"
import { startWorld, until } from "../pool-fixture.ts"
import { startStreamer, type TestStreamer } from "../streamer-fixture.ts"
import type { ModelClick, ModelProfile, ModelViewer } from "./admission-model.ts"

export const viewers: readonly ModelViewer[] = [
  { name: "ann", maxStreams: 1, whenFull: "refuse" },
  { name: "bob", maxStreams: null, whenFull: "refuse" },
  { name: "cat", maxStreams: 2, whenFull: "replace" },
  { name: "dan", maxStreams: null, whenFull: "refuse" },
]

/** Two sources: one with an account of two connections and one of one, and one with an account of one. */
export const firstProfiles: readonly ModelProfile[] = [
  { source: "demo", id: "primary", limit: 2 },
  { source: "demo", id: "spare", limit: 1 },
  { source: "other", id: "primary", limit: 1 },
]

/** Whose account at the provider a profile is. */
export const accountOf = ({ source, id }: ModelProfile) =>
  source === "other" ? "solo" : id === "primary" ? "demo" : "spare"

export const channels = Array.from({ length: 8 }, (_, index) => `channel-${index + 1}`)

/** Feeds of one source, of the other, or of both in either order. */
export const sourcesOf = (channel: string): readonly string[] =>
  [["demo"], ["other", "demo"], ["demo", "other"], ["other"]][Number(channel.split("-")[1]) % 4] ?? []

function findChannel(id: string): IndexedChannel {
  const streamId = String(1 + (Number(id.split("-")[1]) % 2))
  const locator = { kind: "xtream", streamId, extension: "ts" } as const
  const feeds = sourcesOf(id).map((source) => ({ id: `${id}-${source}`, source, locator }))
  return { name: id, groups: [], feeds }
}

/** A player's connection to a streamer. */
export interface Watching {
  ticket: Ticket
  streamer: TestStreamer
  /** Resolves with whether a first byte came, or the connection ended before. */
  started: Promise<boolean>
  close: () => void
  closed: Promise<unknown>
}

/** The real parts that the model is held against: a store, a provider with three accounts, and two streamers. */
export async function startModelWorld() {
  const world = await startWorld()
  const streamers: TestStreamer[] = []
  const { redis, run, provider, keys } = world
  const newStreamer = async () => void streamers.push(await startStreamer(world, "", findChannel))

  async function saveProfiles(profiles: readonly ModelProfile[]): Promise<void> {
    const limitOf = (source: string, id: string) =>
      profiles.find((profile) => profile.source === source && profile.id === id)?.limit ?? null
    const common = { type: "xtream", url: provider.url } as const
    const spare = { id: "spare", name: "Spare", username: "spare", password: "spare-secret" }
    const sources = [
      {
        ...{ ...common, id: "demo", username: "demo", password: "demo", order: 1 },
        maxStreams: limitOf("demo", "primary"),
        profiles: [{ ...spare, maxStreams: limitOf("demo", "spare") }],
      },
      {
        ...{ ...common, id: "other", username: "solo", password: "solo", order: 2 },
        maxStreams: limitOf("other", "primary"),
      },
    ].map((source) => sourceSchema.parse(source))
    await saveSources(redis, keys, sources, "file", { replace: true })
  }

  /** An empty store and two fresh streamers. The provider refuses nobody, so that it sees every excess. */
  async function reset(): Promise<void> {
    await Promise.all(streamers.splice(0).map((streamer) => streamer.close()))
    await until("nothing is connected", () => provider.connections().open.length === 0)
    await redis.flushdb()
    for (const [username, password] of [
      ["demo", "demo"],
      ["spare", "spare-secret"],
      ["solo", "solo"],
    ] as const)
      provider.setAccount(username, { password, maxConnections: 50 })
    provider.resetPeak()
    await saveProfiles(firstProfiles)
    const parsed = viewers.map(({ name, ...viewer }) =>
      viewerSchema.parse({ username: name, password: "secret", ...viewer }),
    )
    await saveViewers(redis, keys, parsed, "file", { replace: true })
    await replaceSettings(redis, { poolGrace: "10m", stallTimeout: "2s" })
    await newStreamer()
    await newStreamer()
  }

  const click = ({ viewer, device, channel }: Omit<ModelClick, "sources">) =>
    admit(run, {
      ...{ lease: randomUUID(), session: randomUUID().slice(0, 8), region: "", address: device },
      ...{ viewer: { username: viewer.name, check: "trusted" }, channelId: channel },
      channel: findChannel(channel),
    })

  /** Follows a ticket to its streamer, as a player does. */
  async function follow(ticket: Ticket): Promise<Watching> {
    const streamer = streamers.find((each) => each.streamer === ticket.streamer)
    if (streamer === undefined) throw new Error("the ticket names no streamer that runs")
    const request = get(await streamer.url(ticket), { agent: false })
    const started = new Promise<boolean>((resolve) => {
      request.once("response", (response: IncomingMessage) => {
        response.on("error", () => resolve(false))
        response.once("data", () => resolve(response.statusCode === 200))
        response.once("end", () => resolve(false))
      })
      request.once("error", () => resolve(false))
    })
    const closed = new Promise((resolve) => request.once("close", resolve))
    return { ticket, streamer, started, closed, close: () => request.destroy() }
  }

  /** Waits until the store knows all that has happened. */
  async function quiet(): Promise<void> {
    let calm = 0
    await until("the streamers are quiet", () => {
      calm = streamers.every((streamer) => streamer.pending() === 0 && !streamer.isOpening()) ? calm + 1 : 0
      return calm >= 3
    })
  }

  /** Fifteen seconds pass for what no streamer holds: players who did not come, and streamers that died. */
  async function expire(): Promise<void> {
    // Within that time streamers hear three times of what they have lost.
    await Promise.all(streamers.map((streamer) => streamer.beat()))
    await quiet()
    const isHeld = (lease: string) => streamers.some(({ keeper }) => keeper.holds(lease))
    const past = Date.now() - 1000
    for (const source of ["demo", "other"])
      for (const member of await redis.zrange<string[]>(stored.leases(source), 0, -1))
        if (!isHeld(member.split("/")[2] ?? ""))
          await redis.zadd(stored.leases(source), { xx: true }, { score: past, member })
    const playing = new Set(
      streamers.flatMap(({ keeper }) => keeper.sessions.held().map(({ member }) => member)),
    )
    for (const { name } of viewers)
      for (const member of await redis.zrange<string[]>(stored.sessions(name), 0, -1))
        if (!playing.has(member))
          await redis.zadd(stored.sessions(name), { xx: true }, { score: past, member })
    for (const [channel, live] of await liveRecords()) {
      for (const [session, watcher] of Object.entries(live.watchers))
        if (!playing.has(session)) watcher[2] = past
      await redis.hset(stored.live, { [channel]: JSON.stringify(live) })
    }
  }

  async function liveRecords(): Promise<Map<string, LiveRecord>> {
    const fields = (await redis.hgetall(stored.live)) as unknown as string[] | null
    const list = fields ?? []
    return new Map(
      list.flatMap((name, at) =>
        at % 2 === 0 ? [[name, JSON.parse(list[at + 1] ?? "") as LiveRecord] as const] : [],
      ),
    )
  }

  /** A streamer is killed, and fifteen seconds later another one has started in its place. */
  async function crash(streamer: TestStreamer): Promise<void> {
    streamers.splice(streamers.indexOf(streamer), 1)
    await streamer.crash()
    const text = await redis.hget<string>(stored.streamers, streamer.streamer)
    if (text !== null) {
      const record = { ...(JSON.parse(text) as StreamerRecord), at: Date.now() - 60_000 }
      await redis.hset(stored.streamers, { [streamer.streamer]: JSON.stringify(record) })
    }
    await expire()
    await newStreamer()
  }

  /** The store loses everything but the config; gives what ends its recovery, as time does. */
  async function loseData(): Promise<() => Promise<void>> {
    const dump = await Promise.all(
      [stored.sources, stored.viewers, stored.settings].map(
        async (key) => [key, (await redis.hgetall(key)) as unknown as string[]] as const,
      ),
    )
    await redis.flushdb()
    for (const [key, list] of dump)
      for (let at = 0; at < list.length; at += 2) await redis.hset(key, { [list[at] ?? ""]: list[at + 1] })
    return async () => void (await redis.del(stored.recovering))
  }

  return {
    ...{ world, streamers, reset, saveProfiles, click, follow, quiet, expire, crash, loseData, liveRecords },
    /** Slots that the store counts as taken, by source. */
    async slots(): Promise<number> {
      const counts = ["demo", "other"].map((source) =>
        redis.zcount(stored.leases(source), Date.now(), "+inf"),
      )
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
    },
    liveSessions: (viewer: string) =>
      redis.zrange<string[]>(stored.sessions(viewer), Date.now(), "+inf", { byScore: true }),
    peakOf: (profile: ModelProfile) => provider.connections().accounts[accountOf(profile)]?.peak ?? 0,
    async close() {
      await Promise.all(streamers.splice(0).map((streamer) => streamer.close()))
      await world.close()
    },
  }
}

export type ModelWorld = Awaited<ReturnType<typeof startModelWorld>>

export const ticketOf = (admission: Awaited<ReturnType<typeof admit>>, channel: string): Ticket | null =>
  isAdmitted(admission) ? ticketFrom(admission, channel) : null
