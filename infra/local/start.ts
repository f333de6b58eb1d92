import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { log, startLog } from "@tributary/shared/log/log"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { readSettings } from "@tributary/shared/store/read-config"
import { Redis } from "@upstash/redis"
import { readConfigFile, readSourceList } from "./config/config-file.ts"
import { readLocalSettings } from "./config/local-settings.ts"
import { putInForce, viewerToTry } from "./config/put-in-force.ts"
import { readSecrets } from "./config/secrets.ts"
import { callCron } from "./cron.ts"
import { importsSettled } from "./imports-settled.ts"
import { whenParentIsGone } from "./parent-gone.ts"
import { edgePart } from "./parts/edge-part.ts"
import { nodePart } from "./parts/node-part.ts"
import { streamerFlags } from "./parts/streamer-flags.ts"
import { refuseUsedPorts } from "./ports.ts"
import { startRedis } from "./redis/start-redis.ts"
import { tunerPart } from "./ssdp/tuner-part.ts"
import { Supervisor } from "./supervisor.ts"

/** `npm start`: the whole system on one machine, in the foreground. */
async function start(supervisor: Supervisor): Promise<void> {
  const settings = readLocalSettings(process.env)
  const file = settings.configFile === null ? null : await readConfigFile(settings.configFile)
  const sources = settings.sources === null ? null : await readSourceList(settings.sources)
  const { dataDir } = settings
  const secrets = await readSecrets(dataDir)
  const keys = await deriveKeys(secrets.secret)
  await refuseUsedPorts(settings)
  const onLog = (line: string) => void process.stderr.write(`${line}\n`)

  if (settings.upstash === null) {
    await mkdir(join(dataDir, "redis"), { recursive: true })
    await supervisor.start({
      name: "redis",
      start: () => startRedis({ port: settings.redisPort, dataDir: join(dataDir, "redis") }),
    })
    await supervisor.start(
      nodePart({
        name: "gateway",
        entry: new URL("./gateway/main.ts", import.meta.url),
        environment: {
          GATEWAY_PORT: String(settings.gatewayPort),
          REDIS_PORT: String(settings.redisPort),
          GATEWAY_TOKEN: secrets.gatewayToken,
        },
        onLog,
      }),
    )
  }
  const store = settings.upstash ?? {
    url: `http://127.0.0.1:${settings.gatewayPort}`,
    token: secrets.gatewayToken,
  }
  const redis = new Redis({ ...store, automaticDeserialization: false, enableTelemetry: false })
  const demoUrl = `http://127.0.0.1:${settings.demoPort}`
  const named = { file, sources, settings: settings.named }
  const { demo } = await putInForce(redis, keys, named, demoUrl)
  const inForce = await readSettings(redis)
  const viewer = await viewerToTry(redis, keys, file, secrets.viewerPassword)

  const shared = {
    UPSTASH_REDIS_REST_URL: store.url,
    UPSTASH_REDIS_REST_TOKEN: store.token,
    TRIBUTARY_SECRET: secrets.secret,
    OBFUSCATE_URLS: String(inForce.obfuscateUrls),
    DEBUG: String(inForce.debug),
  }
  const adminToken = settings.adminToken ?? secrets.adminToken
  const metricsToken: Record<string, string> =
    settings.metricsToken === null ? {} : { METRICS_TOKEN: settings.metricsToken }
  const edge = supervisor.start(
    edgePart({
      host: settings.host,
      port: settings.port,
      dataDir,
      bindings: {
        ...shared,
        ...metricsToken,
        ADMIN_TOKEN: adminToken,
        BASE_URL: settings.baseUrl,
        TRUST_CF_CONNECTING_IP: "false",
      },
      onLog,
    }),
  )
  const demoProvider = demo
    ? supervisor.start(
        nodePart({
          name: "demo provider",
          entry: new URL("./demo-provider/main.ts", import.meta.url),
          environment: {
            DEMO_PORT: String(settings.demoPort),
            DEMO_DATA_DIR: join(dataDir, "demo-provider"),
          },
          onLog,
          // The first start renders the channels.
          readyTimeoutMs: 180_000,
        }),
      )
    : Promise.resolve()
  const first = await Promise.allSettled([edge, demoProvider])
  for (const outcome of first) if (outcome.status === "rejected") throw outcome.reason

  const startedAt = Date.now()
  for (const port of settings.streamerPorts) {
    // Players follow no redirect from https to http. So with an https BASE_URL, whoever ends TLS for the edge has to
    // do it for these ports too, and to pass the host on.
    const address = new URL(settings.baseUrl)
    address.port = String(port)
    await supervisor.start(
      nodePart({
        name: `streamer on port ${port}`,
        entry: new URL("../../streamer/src/main.ts", import.meta.url),
        flags: streamerFlags,
        environment: {
          ...shared,
          ...metricsToken,
          API_TOKEN: adminToken,
          EDGE_URL: `http://127.0.0.1:${settings.port}`,
          STREAMER_PORT: String(port),
          STREAMER_HOST: settings.host,
          STREAMER_ADDRESS: address.origin,
          STREAMER_INTERNAL_ADDRESS: `http://127.0.0.1:${port}`,
        },
        onLog,
        closeDeadlineMs: 3_000,
      }),
    )
  }
  const edgeUrl = `http://127.0.0.1:${settings.port}`
  const onProblem = (problem: string) => log("local", "ssdp").warn("the network is not told", { problem })
  if (settings.ssdp)
    await supervisor.start(tunerPart({ baseUrl: settings.baseUrl, edgeUrl, viewer, onProblem }))
  callCron(edgeUrl)
  await importsSettled(redis, startedAt)
  if (supervisor.isClosing) return

  const login = new URLSearchParams(viewer)
  process.stdout.write(
    [
      `ready ${settings.baseUrl}`,
      `  playlist     ${settings.baseUrl}/playlist.m3u8?${login}`,
      `  dashboard    ${settings.baseUrl}/`,
      ...(settings.adminToken === null ? [`  admin token  ${adminToken}`] : []),
      `  viewer       ${viewer.username} / ${viewer.password}`,
      "",
    ].join("\n"),
  )
}

// Whoever reads the log may be gone first; the parts are to be closed all the same.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined)
await startLog({ write: (line) => process.stderr.write(line), debug: false, obfuscate: false })
const supervisor = new Supervisor(log("local", "supervisor"))
const stop = () => void supervisor.close().then(() => process.exit(0))
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop)
whenParentIsGone(stop)
start(supervisor).catch(async (error: Error) => {
  if (supervisor.isClosing) return
  await supervisor.close()
  process.stderr.write(`tributary: ${error.message.replaceAll(/\s*\n\s*/g, " ")}\n`)
  process.exit(1)
})
