import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { constants, gunzipSync } from "node:zlib"
import { type SourceConfig, sourceSchema, viewerSchema } from "@tributary/shared/config/config-file"
import { bindScripts, type RunScript } from "@tributary/shared/lease/scripts"
import { log, startLog } from "@tributary/shared/log/log"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { hashFields } from "@tributary/shared/store/hash-fields"
import { guideJob, publishJob, keys as storeKeys } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import { saveSources, saveViewers } from "@tributary/shared/store/save-config"
import { Redis } from "@upstash/redis"
import { startGateway } from "../../../infra/local/gateway/start-gateway.ts"
import { edgePart } from "../../../infra/local/parts/edge-part.ts"
import { claimPort } from "../../../infra/local/process/claim-port.ts"
import { startRedis } from "../../../infra/local/redis/start-redis.ts"
import { ConfigDirectory } from "../store/config-directory.ts"
import { EdgeClient } from "../store/edge-client.ts"
import { readScriptSources } from "../store/script-sources.ts"
import { Importer } from "./importer.ts"

const viewer = { username: "ann", password: "viewers-secret" }
const host = "127.0.0.1"
const settledSeconds = 150

/** Redis, gateway and edge as they run everywhere; importers are made on it. */
export async function startImporterFixture() {
  const opened: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of opened.splice(0).toReversed()) await end()
  }
  try {
    return await start(opened, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function start(opened: (() => Promise<unknown>)[], close: () => Promise<void>) {
  const dataDir = await mkdtemp(join(tmpdir(), "importer-test-"))
  opened.push(() => rm(dataDir, { recursive: true, force: true }))
  const secret = randomBytes(24).toString("hex")
  const token = "gateway-token"
  const redisServer = await startRedis({ port: 0, dataDir: join(dataDir, "redis") })
  opened.push(() => redisServer.close())
  const gateway = await startGateway({ port: 0, redisPort: redisServer.port, token })
  opened.push(() => gateway.close())
  const redis = new Redis({
    url: gateway.url,
    token,
    automaticDeserialization: false,
    enableTelemetry: false,
  })
  const keys = await deriveKeys(secret)
  const logLines: string[] = []
  // Not obfuscated: what is never written needs no hiding.
  await startLog({ write: (line) => void logLines.push(line), debug: true, obfuscate: false })
  await saveViewers(redis, keys, [viewerSchema.parse(viewer)], "api", { replace: false })
  const { port } = await claimPort(host, 0)
  const edgeUrl = `http://${host}:${port}`
  const bindings = {
    UPSTASH_REDIS_REST_URL: gateway.url,
    UPSTASH_REDIS_REST_TOKEN: token,
    TRIBUTARY_SECRET: secret,
    ADMIN_TOKEN: "admin-token",
    BASE_URL: "http://viewers.test",
    OBFUSCATE_URLS: "false",
    DEBUG: "true",
  }
  const edge = await edgePart({
    ...{ host, port, dataDir, bindings },
    onLog: (line) => void logLines.push(line),
  }).start()
  opened.push(() => edge.close())
  const client = new EdgeClient(edgeUrl, keys)
  const run = bindScripts(redis, readScriptSources())
  const importers = new Set<Importer>()
  opened.push(() => Promise.all([...importers].map((importer) => importer.close())))

  const statuses = async () =>
    new Map(
      [...hashFields(await redis.hgetall(storeKeys.importsStatus))].map(([id, text]) => [
        id,
        JSON.parse(text) as ImportStatus,
      ]),
    )
  const due = async (job: string) => {
    const score = await redis.zscore(storeKeys.importsDue, job)
    return score === null ? null : Number(score)
  }
  return {
    redis,
    run,
    client,
    logLines,
    edgeUrl,
    statuses,
    due,
    save: (sources: Parameters<typeof sourceSchema.parse>[0][], replace = true) =>
      saveSources(
        redis,
        keys,
        sources.map((source) => sourceSchema.parse(source) as SourceConfig),
        "file",
        { replace },
      ),
    /** Makes a job due now, as the admin API and the end of an import do. */
    makeDue: (job: string) => redis.zadd(storeKeys.importsDue, { score: 0, member: job }),
    importer: async (now: () => number = Date.now, runs: RunScript = run) => {
      const importer = new Importer({
        ...{ run: runs, redis, keys },
        edge: { url: edgeUrl, secret },
        config: await ConfigDirectory.open(redis, keys),
        now,
        logger: log("streamer", "import"),
      })
      importers.add(importer)
      return importer
    },
    /** A viewer's playlist as the edge serves it; the edge may look at the pointer of two seconds ago. */
    playlist: async (path = "/playlist.m3u8") => {
      const answer = await fetch(`${edgeUrl}${path}?${new URLSearchParams(viewer)}`)
      return { status: answer.status, text: await answer.text() }
    },
    /** All that the edge has stored, as it is and unpacked: every R2 object, old ones and pointers included. */
    storedBytes: async () => {
      const folder = join(dataDir, "edge")
      const files = await readdir(folder, { recursive: true, withFileTypes: true })
      const contents = files
        .filter((file) => file.isFile())
        .map(async (file) => unpackedToo(await readFile(join(file.parentPath, file.name))))
      return (await Promise.all(contents)).flat()
    },
    /** Nothing is due, and nothing runs: every import has ended and its result is published. */
    settled: (...working: Importer[]) =>
      eventually(async () => {
        if (working.some((importer) => importer.running.length > 0)) return false
        const sources = await redis.hkeys(storeKeys.sources)
        const jobs = [publishJob, ...sources, ...sources.map(guideJob), guideJob(null)]
        const scores = await Promise.all(jobs.map(due))
        // A claim ends within the minute; what is done is due much later.
        return scores.every((score, at) => {
          const mayBeMissing = !sources.includes(jobs[at] ?? "")
          return score === null ? mayBeMissing : score > Date.now() + 70_000
        })
        // Each job is a thread of its own, and other tests' threads want the same cores.
      }, settledSeconds),
    close,
  }
}

/** A file, and every gzip stream that lies in it. */
function unpackedToo(bytes: Buffer): string[] {
  const texts = [bytes.toString("latin1")]
  const magic = Buffer.from([0x1f, 0x8b, 0x08])
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
    // Behind a stream lies the next one; what only looks like one does not unpack.
    const { buffer } = tryUnpack(bytes.subarray(at))
    if (buffer !== null) texts.push(buffer.toString("latin1"))
  }
  return texts
}

function tryUnpack(bytes: Buffer): { buffer: Buffer | null } {
  try {
    return { buffer: gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) }
  } catch {
    return { buffer: null }
  }
}

/** A provider whose answers the test decides. */
export async function startListServer(answer: RequestListener) {
  const state = { answer, requests: 0 }
  const server = createServer((request, response) => {
    state.requests++
    state.answer(request, response)
  })
  server.listen(0, host)
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}`,
    state,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

/** Waits until it is so; fails after a while with what was waited for. */
export async function eventually(condition: () => Promise<boolean> | boolean, seconds = 15): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not so within ${seconds} s: ${condition}`)
    await delay(40)
  }
}
