import { randomUUID } from "node:crypto"
import type { AddressInfo } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import { createAdaptorServer, type HttpBindings } from "@hono/node-server"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { sourceSchema } from "@tributary/shared/config/config-file"
import { type Admission, admit, isAdmitted } from "@tributary/shared/lease/admit"
import { bindScripts, type RunScript, type ScriptName } from "@tributary/shared/lease/scripts"
import { log } from "@tributary/shared/log/log"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { keys as stored } from "@tributary/shared/store/keys"
import type { LiveRecord } from "@tributary/shared/store/records"
import { replaceSettings, saveSources, saveViewers } from "@tributary/shared/store/save-config"
import { signTicket, type Ticket, ticketFrom } from "@tributary/shared/ticket"
import { Redis } from "@upstash/redis"
import { Hono } from "hono"
import { openPlayer, type PlayOptions } from "../../../infra/e2e/player/play.ts"
import { smallChannels, temporaryFolder } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import { startDemoProvider } from "../../../infra/local/demo-provider/start-demo-provider.ts"
import { startFixture, TOKEN } from "../../../infra/local/gateway/gateway-fixture.ts"
import { live } from "../http/live.ts"
import { LeaseKeeper } from "../session/lease-keeper.ts"
import { SessionDirectory } from "../session/session-directory.ts"
import { ConfigDirectory } from "../store/config-directory.ts"
import { readScriptSources } from "../store/script-sources.ts"
import { relayOpener } from "../upstream/open-relay.ts"
import { StreamPool } from "./stream-pool.ts"

const secret = "a secret for tests, which is long enough"
const account = { username: "demo", password: "demo" }
/** Another account of the same provider, for one connection. */
export const spare = { username: "spare", password: "spare-secret" }

/** Resolves when it holds; rejects with what was waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMilliseconds = 6_000,
): Promise<void> {
  const deadline = performance.now() + deadlineMilliseconds
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not so in time: ${what}`)
    await delay(5)
  }
}

/** What all tests of a file share: a real store, and a real provider with one account of one connection. */
export async function startWorld() {
  const folder = await temporaryFolder()
  const [store, provider, keys] = await Promise.all([
    startFixture(),
    startDemoProvider({
      dataDir: folder.path,
      channels: smallChannels,
      movieSeconds: 2,
      accounts: [account, { ...spare, maxConnections: 1 }],
    }),
    deriveKeys(secret),
  ])
  const redis = new Redis({
    url: store.gateway.url,
    token: TOKEN,
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(1_000),
  })
  const run = bindScripts(redis, readScriptSources())

  /** Everything as after a fresh installation with the demo provider as its one source, and these profiles of it. */
  async function reset(
    settings: Parameters<typeof replaceSettings>[1] = {},
    maxStreams = 1,
    profiles: { name: string; username: string; password: string; maxStreams?: number }[] = [],
  ) {
    provider.clearFaults()
    provider.setSettings({ whenFull: 403, releaseLagMs: 0, redirect: false })
    provider.setAccount("demo", { maxConnections: maxStreams })
    await until("the account is free", () => provider.account("demo")?.activeConnections === 0)
    provider.resetPeak()
    await redis.flushdb()
    const source = {
      ...account,
      id: "demo",
      name: "Demo",
      type: "xtream",
      url: provider.url,
      maxStreams,
      order: 1,
      enabled: true,
      live: true,
      vod: true,
      series: true,
      profiles,
    }
    const ann = { username: "ann", password: "secret", maxStreams: 1, enabled: true, whenFull: "refuse" }
    const bob = { ...ann, username: "bob", maxStreams: null }
    const config = { replace: true }
    await saveSources(redis, keys, [sourceSchema.parse(source)], "file", config)
    await saveViewers(redis, keys, [ann, bob] as never, "file", config)
    await replaceSettings(redis, { publicPlaylist: true, poolGrace: "10s", stallTimeout: "2s", ...settings })
  }

  const none = { active: 0, peak: 0, opened: 0, refused: 0 }
  const tally = (username = "demo") => provider.connections().accounts[username] ?? none
  const active = () => tally().active

  return {
    store,
    provider,
    redis,
    run,
    keys,
    reset,
    /** The provider's own counts of an account. */
    tally,
    active,
    /** Leases that the store counts for the provider's one profile. */
    leases: async () => (await redis.zrange<string[]>(stored.leases("demo"), 0, -1)).length,
    liveRecord: async (channel: number) => {
      const text = await redis.hget<string>(stored.live, channelId(channel))
      return text === null ? null : (JSON.parse(text) as LiveRecord)
    },
    sessions: (viewer: string) => redis.zrange<string[]>(stored.sessions(viewer), 0, -1),
    /** What the edge does with a player's request. */
    admit: (
      channel: number,
      viewer: string | null = null,
      region = "",
      address = "address",
    ): Promise<Admission> =>
      admit(run, {
        lease: randomUUID(),
        session: randomUUID().slice(0, 8),
        viewer: viewer === null ? null : { username: viewer, check: "trusted" },
        address,
        channelId: channelId(channel),
        channel: channelOf(channel),
        region,
      }),
    async close() {
      await Promise.all([store.close(), provider.close()])
      await folder.remove()
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

export const channelId = (channel: number) => `channel-${channel}`

/** Channel 8 has two feeds: the provider's streams 1 and 2. */
export function channelOf(channel: number): IndexedChannel {
  const feed = (id: string, stream: number) => {
    const locator = { kind: "xtream", streamId: String(stream), extension: "ts" } as const
    return { id, source: "demo", locator }
  }
  const feeds = channel === 8 ? [feed("first", 1), feed("second", 2)] : [feed(`feed-${channel}`, channel)]
  return { name: `Channel ${channel}`, groups: [], feeds }
}

/** Channels that these tests know; anything else is not in the catalogue. */
function findChannel(id: string): IndexedChannel | null {
  const channel = Number(id.replace("channel-", ""))
  return channel >= 1 && channel <= 9 ? channelOf(channel) : null
}

/** One streamer with the parts that `main.ts` wires, on a port of its own. */
export async function startStreamer(
  world: World,
  region = "",
  catalogue = findChannel,
  now: () => number = Date.now,
) {
  const streamer = randomUUID().slice(0, 8)
  const config = await ConfigDirectory.open(world.redis, world.keys)
  const sessions = new SessionDirectory()
  const lost: string[] = []
  const delays = new Map<ScriptName, Promise<void>>()
  const calls = new Map<ScriptName, number>()
  const run: RunScript = async (name, keys, values) => {
    if (hasCrashed) throw new Error("crashed")
    calls.set(name, (calls.get(name) ?? 0) + 1)
    pending++
    try {
      await delays.get(name)
      return await world.run(name, keys, values)
    } finally {
      pending--
    }
  }
  let address = ""
  let beats = 0
  let refusals = 0
  let pending = 0
  let hasCrashed = false
  const keeper = new LeaseKeeper({
    run,
    streamer,
    record: () => ({
      address,
      internalAddress: address,
      region,
      viewers: pool.viewers,
      maxViewers: null,
      streams: pool.streams.size,
      draining: false,
      version: "test",
    }),
    onBeat: () => void beats++,
    onLeaseLost: (lease) => {
      lost.push(lease)
      return pool.closeLease(lease, "lease-lost")
    },
    onSessionLost: (member) => sessions.end(member),
    logger: log("test", "session"),
  })
  const pool: StreamPool = new StreamPool({
    streamer,
    run,
    redis: world.redis,
    keeper,
    config,
    findChannel: (id) => Promise.resolve(catalogue(id)),
    openRelay: relayOpener({
      ...{ streamer, keys: world.keys, redis: world.redis, now },
      stallMilliseconds: () => config.settings.stallTimeout * 1000,
    }),
    endSession: (member) => sessions.end(member),
    onRefusal: () => void refusals++,
    now,
    logger: log("test", "pool"),
  })
  const maxBacklogBytes = () => config.settings.bufferSizePerStream
  const play = { keeper, sessions, maxBacklogBytes, logger: log("test", "session") }
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.get("/live/:file{.+\\.ts}", (context) => live({ keys: world.keys, pool, play, now }, context))
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await keeper.start()
  const sign = (ticket: Ticket, atSeconds = Math.floor(Date.now() / 1000)) =>
    signTicket(world.keys, ticket, atSeconds)
  return {
    streamer,
    address,
    keeper,
    pool,
    config,
    lost,
    beats: () => beats,
    /** How often a script was called. */
    calls: (name: ScriptName) => calls.get(name) ?? 0,
    /** Whether a session has a connection here. */
    plays: (session: string) => sessions.has(session),
    /** Whether an upstream is being opened, or closed. */
    isOpening: () => pool.isBusy,
    /** Calls of the store under way. */
    pending: () => pending,
    /** How often a provider refused a connection. */
    refusals: () => refusals,
    /** A beat right now, as the timer makes one every few seconds. */
    beat: () => keeper.beat(),
    /** Keeps the store from hearing a script's calls, as a slow network does; gives what ends that. */
    delay(name: ScriptName): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      delays.set(name, promise)
      return () => {
        delays.delete(name)
        resolve()
      }
    },
    /** The address that a ticket is played at. */
    url: async (ticket: Ticket, issuedAtSeconds?: number) =>
      `${address}/live/${await sign(ticket, issuedAtSeconds)}.ts`,
    play: async (ticket: Ticket, options: PlayOptions = {}) =>
      openPlayer(`${address}/live/${await sign(ticket)}.ts`, options),
    /** Ends as a killed process does: its connections are gone, and the store hears nothing. */
    async crash() {
      hasCrashed = true
      await this.close()
    },
    async close() {
      await pool.close()
      await keeper.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ("closeAllConnections" in server) server.closeAllConnections()
      })
    },
  }
}

export type TestStreamer = Awaited<ReturnType<typeof startStreamer>>

/** The ticket that the edge makes from an admission; fails the test when it was refused. */
export function ticketOf(admission: Admission, channel: number): Ticket {
  if (!isAdmitted(admission)) throw new Error(`refused: ${admission.code}`)
  return ticketFrom(admission, channelId(channel))
}

/** An `ObtainOptions` of a player who stays. */
export const staying = () => ({ isFresh: true, left: new AbortController().signal })
