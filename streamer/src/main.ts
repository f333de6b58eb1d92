import { randomUUID } from "node:crypto"
import { bindScripts } from "@tributary/shared/lease/scripts"
import { log, startLog } from "@tributary/shared/log/log"
import { LogRing } from "@tributary/shared/log/log-ring"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { keys as storeKeys } from "@tributary/shared/store/keys"
import { AccountWatch } from "./account/account-watch.ts"
import { ProfileChecks } from "./account/profile-checks.ts"
import { readConfig } from "./config.ts"
import { DetailsDirectory } from "./details/details-directory.ts"
import { BufferBudget } from "./fan-out/buffer-budget.ts"
import { ProgressWatch } from "./fan-out/progress-watch.ts"
import { readProcNet } from "./fan-out/read-proc-net.ts"
import { WritePace } from "./fan-out/write-pace.ts"
import { hardwareDetector } from "./ffmpeg/detect-hardware.ts"
import { spawnFfmpeg } from "./ffmpeg/spawn-ffmpeg.ts"
import { HlsOutputs } from "./hls/hls-outputs.ts"
import { createApp } from "./http/app.ts"
import { Importer } from "./import/importer.ts"
import { Metrics } from "./metrics/metrics.ts"
import { lookAtTraffic } from "./operate/look-at-traffic.ts"
import { TrafficHistory } from "./operate/traffic-history.ts"
import { TranscodeTester } from "./operate/transcode-tester.ts"
import { AlwaysOn } from "./pool/always-on.ts"
import { outageMilliseconds } from "./pool/failover-policy.ts"
import { StreamPool } from "./pool/stream-pool.ts"
import { LeaseKeeper } from "./session/lease-keeper.ts"
import { LiveOutputs } from "./session/live-outputs.ts"
import { HlsPlayer } from "./session/play-hls.ts"
import { SessionDirectory } from "./session/session-directory.ts"
import { closeInTurn } from "./shutdown.ts"
import { ConfigDirectory } from "./store/config-directory.ts"
import { ConfigGuard } from "./store/config-guard.ts"
import { EdgeClient } from "./store/edge-client.ts"
import { openStore } from "./store/open-store.ts"
import { readScriptSources } from "./store/script-sources.ts"
import { describeStreamer } from "./task/describe-streamer.ts"
import { Drain } from "./task/drain/drain.ts"
import { addressOf } from "./task/join-fleet.ts"
import { protectTask } from "./task/protection/task-protection.ts"
import { servePlayers } from "./task/serve-players.ts"
import { TranscodePool } from "./transcode/transcode-pool.ts"
import { relayOpener } from "./upstream/open-relay.ts"
import { renderSlate } from "./upstream/render-slate.ts"
import { Slate } from "./upstream/slate.ts"
import { pastOpener } from "./vod/past/open-past.ts"
import { PanelClocks } from "./vod/past/panel-clocks.ts"
import { Vod } from "./vod/vod.ts"

function exitWith(message: string): never {
  process.stderr.write(`streamer: ${message}\n`)
  process.exit(1)
}

const read = readConfig(process.env)
if (!read.ok) exitWith(read.message)
const { config } = read
const logs = new LogRing()
await startLog({
  write: (line) => process.stderr.write(line),
  debug: config.DEBUG === "true",
  obfuscate: config.OBFUSCATE_URLS === "true",
  ring: logs,
})

const streamer = randomUUID().slice(0, 8)
const keys = await deriveKeys(config.TRIBUTARY_SECRET)
const store = { url: config.UPSTASH_REDIS_REST_URL, token: config.UPSTASH_REDIS_REST_TOKEN }
const metrics = new Metrics()
metrics.watchProcess()
const redis = openStore(store, 3_000)
// Players wait for these, and are answered within 2 s even while the store is away.
const run = metrics.observeStore(bindScripts(openStore(store, 1_500), readScriptSources()))
const directory = await ConfigDirectory.open(redis, keys).catch(() => exitWith("the store does not answer"))
const guard = new ConfigGuard({ redis, run, logger: log("streamer", "store") })
const edge = new EdgeClient(config.EDGE_URL, keys)
const sessions = new SessionDirectory()
const slate = new Slate(renderSlate)
const progress = new ProgressWatch({
  readTable: readProcNet,
  now: () => performance.now(),
  logger: log("streamer", "session"),
})
const share = {
  budget: new BufferBudget(() => directory.settings.maxBufferSize),
  pace: new WritePace(() => performance.now()),
}
let lastBeatAt = 0
let isClosing = false
let task: string | null = null
const address = addressOf(config, streamer, config.STREAMER_PORT)

const keeper = new LeaseKeeper({
  run,
  streamer,
  record: () => ({
    ...describeStreamer(config, { address, task }, { pool, vod, transcodes, traffic }),
    draining: isClosing || drain.isDraining,
  }),
  onBeat: ({ configVersion, importsDue, profilesDue, drain: isToDrain }) => {
    lastBeatAt = Date.now()
    guard
      .follow(configVersion)
      .then((isThere) => (isThere ? directory.follow(configVersion) : undefined))
      .catch(() => log("streamer", "store").warn("config could not be read"))
    if (isToDrain && !drain.isDraining) void drain.begin("asked by the edge")
    if (isClosing || drain.isDraining) return
    void alwaysOn.look(configVersion)
    if (importsDue) importer.look()
    if (profilesDue) accounts.look()
  },
  onLeaseLost: (lease) => pool.closeLease(lease, "lease-lost"),
  onSessionLost: (member) => sessions.end(member),
  logger: log("streamer", "session"),
})
const pool: StreamPool = new StreamPool({
  streamer,
  run,
  redis,
  keeper,
  config: directory,
  findChannel: (id) => edge.channel(id),
  openRelay: relayOpener({
    ...{ streamer, keys, redis, now: Date.now },
    stallMilliseconds: () => directory.settings.stallTimeout * 1000,
  }),
  endSession: (member) => sessions.end(member),
  openSlate: () => slate.open(),
  closePlayback: (lease, reason) => vod.closeLease(lease, reason),
  share,
  metrics: metrics.events,
  outageMilliseconds,
  monotonic: () => performance.now(),
  random: Math.random,
  onRefusal: () => accounts.look(),
  now: Date.now,
  logger: log("streamer", "pool"),
})
const alwaysOn = new AlwaysOn({
  ...{ redis, run, streamer, pool },
  findChannel: (id) => edge.channel(id),
  now: () => performance.now(),
  logger: log("streamer", "pool"),
})
const vod: Vod = new Vod({
  ...{ streamer, run, keeper, config: directory, metrics: metrics.events },
  ...{ closed: pool.connector, accounts: pool.accounts, lingerMilliseconds: 10_000 },
  findChannel: (id) => edge.channel(id),
  endSession: (member) => sessions.end(member),
  closeLease: (lease) => pool.closeLease(lease, "yielded"),
  openPast: pastOpener({
    clocks: new PanelClocks({ redis, logger: log("streamer", "vod") }),
    now: Date.now,
    logger: log("streamer", "vod"),
  }),
  ...{ now: Date.now, monotonic: () => performance.now(), random: Math.random },
  logger: log("streamer", "vod"),
})
const detectHardware = hardwareDetector({
  ...{ spawn: spawnFfmpeg, devices: "/dev/dri", trialMilliseconds: 5_000 },
  logger: log("streamer", "transcode"),
})
const transcodes: TranscodePool = new TranscodePool({
  ...{ spawn: spawnFfmpeg, detectHardware, share, settings: () => directory.settings },
  ...{ stuckMilliseconds: 10_000, patienceMilliseconds: 10_000 },
  onMoved: () => metrics.events.viewerMoved(),
  onRestarted: (why) => metrics.events.ffmpegRestarted(why),
  ...{ now: Date.now, monotonic: () => performance.now() },
  logger: log("streamer", "transcode"),
})
const outputs = new LiveOutputs({ transcodes, profile: (id) => directory.transcodeProfile(id) })
const hlsOutputs = new HlsOutputs({
  budget: share.budget,
  maxBytes: () => directory.settings.bufferSizePerStream,
  graceMilliseconds: 10_000,
  now: Date.now,
  logger: log("streamer", "hls"),
})
const hls = new HlsPlayer({
  ...{ pool, keeper, sessions, outputs, metrics: metrics.events, hls: hlsOutputs },
  monotonic: () => performance.now(),
  logger: log("streamer", "session"),
})
const accounts: AccountWatch = new AccountWatch({
  ...{ redis, run },
  config: directory,
  now: Date.now,
  random: Math.random,
  logger: log("streamer", "account"),
})
const importer: Importer = new Importer({
  run,
  redis,
  keys,
  edge: { url: config.EDGE_URL, secret: config.TRIBUTARY_SECRET },
  config: directory,
  now: Date.now,
  logger: log("streamer", "import"),
})
const details = new DetailsDirectory({
  ...{ edge, redis },
  config: directory,
  now: Date.now,
  logger: log("streamer", "details"),
})
const traffic: TrafficHistory = new TrafficHistory({
  look: () => lookAtTraffic({ live: pool.streams, vod }),
  now: Date.now,
  monotonic: () => performance.now(),
})
traffic.start()
const tester = new TranscodeTester({ spawn: spawnFfmpeg, detectHardware, now: () => performance.now() })
const drain: Drain = new Drain({
  ...{ streamer, region: config.STREAMER_REGION, pool, vod, keeper, sessions },
  neighbours: { redis, address },
  onBegin: () => void alwaysOn.close(),
  monotonic: () => performance.now(),
  logger: log("streamer", "drain"),
})
const protection = protectTask(config.ECS_AGENT_URI, {
  ...{ ask: fetch, isNeeded: () => pool.viewers + vod.size > 0, now: () => performance.now() },
  logger: log("streamer", "task"),
})
const app = createApp({
  keys,
  streamer,
  pool,
  hls,
  vod,
  drain,
  keeper,
  transcodeProfile: (id) => directory.transcodeProfile(id),
  importer,
  transcodes,
  details,
  checks: new ProfileChecks({
    run,
    config: directory,
    now: Date.now,
    random: Math.random,
    logger: log("streamer", "account"),
  }),
  edge,
  config: directory,
  metrics,
  tokens: { apiToken: config.API_TOKEN, metricsToken: config.METRICS_TOKEN },
  operate: { traffic, logs, tester },
  play: {
    keeper,
    sessions,
    outputs,
    metrics: metrics.events,
    progress,
    monotonic: () => performance.now(),
    logger: log("streamer", "session"),
  },
  now: Date.now,
  lastBeatAt: () => lastBeatAt,
  logger: log("streamer", "http"),
})

const serving = await servePlayers({ config, streamer, fetch: app.fetch, ask: fetch, now: Date.now })
if (!serving.ok) exitWith(serving.message)
const { served } = serving
task = served.member.task
await keeper.start().catch(() => exitWith("the store does not answer"))
// So that the first viewer of a transcode does not wait for it.
void detectHardware()

closeInTurn({
  logger: log("streamer", "main"),
  drain: { seconds: config.DRAIN_SECONDS, run: () => drain.begin("SIGTERM") },
  parts: [
    // From here on nobody is sent here; who watches through a nearer streamer stays there.
    [
      "admissions",
      () => {
        isClosing = true
        return keeper.beat()
      },
    ],
    ["drain", async () => drain.close()],
    ["always on", () => alwaysOn.close()],
    ["importer", () => importer.close()],
    ["accounts", () => accounts.close()],
    ["vod", () => vod.close()],
    ["hls", async () => hlsOutputs.close()],
    ["transcodes", () => transcodes.close()],
    ["transcode test", () => tester.close()],
    ["traffic", async () => traffic.close()],
    ["pool", () => pool.close()],
    ["keeper", () => keeper.close()],
    ["registration", () => redis.hdel(storeKeys.streamers, streamer)],
    ["errand", () => redis.zrem(storeKeys.streamersToDrain, streamer)],
    ["protection", async () => protection?.close()],
    ["name", () => served.member.close()],
    ["server", () => served.close()],
  ],
})
process.stdout.write(`${JSON.stringify({ ready: true, streamer, port: served.port })}\n`)
