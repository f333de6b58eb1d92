import { randomUUID } from "node:crypto"
import type { AddressInfo } from "node:net"
import { createAdaptorServer, type HttpBindings } from "@hono/node-server"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { RunScript, ScriptName } from "@tributary/shared/lease/scripts"
import { log } from "@tributary/shared/log/log"
import { signTicket, type Ticket } from "@tributary/shared/ticket"
import { Hono } from "hono"
import { openPlayer, type PlayOptions } from "../../../infra/e2e/player/play.ts"
import { BufferBudget } from "../fan-out/buffer-budget.ts"
import { ProgressWatch } from "../fan-out/progress-watch.ts"
import { readProcNet } from "../fan-out/read-proc-net.ts"
import { WritePace } from "../fan-out/write-pace.ts"
import { spawnFfmpeg } from "../ffmpeg/spawn-ffmpeg.ts"
import { live } from "../http/live.ts"
import { noMetrics, type StreamMetrics } from "../metrics/stream-metrics.ts"
import { LeaseKeeper } from "../session/lease-keeper.ts"
import { LiveOutputs } from "../session/live-outputs.ts"
import { SessionDirectory } from "../session/session-directory.ts"
import { ConfigDirectory } from "../store/config-directory.ts"
import { Drain } from "../task/drain/drain.ts"
import { sendAway } from "../task/drain/send-away.ts"
import { TranscodePool } from "../transcode/transcode-pool.ts"
import { relayOpener } from "../upstream/open-relay.ts"
import { renderSlate } from "../upstream/render-slate.ts"
import { Slate } from "../upstream/slate.ts"
import { findChannel, type World } from "./pool-fixture.ts"
import { StreamPool } from "./stream-pool.ts"

// Rendered once for all tests of a file.
const slate = new Slate(renderSlate)

type Awaitable<Value> = Value | Promise<Value>

/** One streamer with the parts that `main.ts` wires, on a port of its own. */
export async function startStreamer(
  world: World,
  region = "",
  catalogue: (id: string) => Awaitable<IndexedChannel | null> = findChannel,
  now: () => number = Date.now,
  metrics: StreamMetrics = noMetrics,
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
  const share = {
    budget: new BufferBudget(() => config.settings.maxBufferSize),
    pace: new WritePace(() => performance.now()),
  }
  const transcodes = new TranscodePool({
    ...{ spawn: spawnFfmpeg, detectHardware: async () => null, share, settings: () => config.settings },
    ...{ stuckMilliseconds: 10_000, patienceMilliseconds: 10_000, onMoved: () => undefined },
    ...{ now, monotonic: () => performance.now(), logger: log("test", "transcode") },
  })
  const outputs = new LiveOutputs({ transcodes, profile: (id) => config.transcodeProfile(id) })
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
      draining: drain?.isDraining ?? false,
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
    findChannel: async (id) => catalogue(id),
    openRelay: relayOpener({
      ...{ streamer, keys: world.keys, redis: world.redis, now },
      stallMilliseconds: () => config.settings.stallTimeout * 1000,
    }),
    endSession: (member) => sessions.end(member),
    openSlate: () => slate.open(),
    closePlayback: async () => undefined,
    share,
    metrics,
    outageMilliseconds: 8_000,
    monotonic: () => performance.now(),
    random: Math.random,
    onRefusal: () => void refusals++,
    now,
    logger: log("test", "pool"),
  })
  const progress = new ProgressWatch({
    readTable: readProcNet,
    now: () => performance.now(),
    logger: log("test", "session"),
  })
  const monotonic = () => performance.now()
  const play = {
    ...{ keeper, sessions, outputs, metrics, progress, monotonic },
    logger: log("test", "session"),
  }
  let drain: Drain | null = null
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use((context, next) =>
    drain === null ? next() : sendAway({ keys: world.keys, drain, now })(context, next),
  )
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
    run,
    /** How often a script was called. */
    calls: (name: ScriptName) => calls.get(name) ?? 0,
    /** Whether a session has a connection here. */
    plays: (session: string) => sessions.has(session),
    /** Drains from now on; resolves when nothing plays here any more. */
    drain: () => {
      drain ??= new Drain({
        ...{ streamer, region, pool, vod: { size: 0, reports: () => [] }, keeper, sessions, monotonic },
        ...{ neighbours: { redis: world.redis, address }, onBegin: () => undefined },
        logger: log("test", "drain"),
      })
      return drain.begin("test")
    },
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
      drain?.close()
      await pool.close()
      progress.close()
      await keeper.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ("closeAllConnections" in server) server.closeAllConnections()
      })
    },
  }
}

export type TestStreamer = Awaited<ReturnType<typeof startStreamer>>
