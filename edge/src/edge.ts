import { bindScripts, type RunScript } from "@tributary/shared/lease/scripts"
import { startLog } from "@tributary/shared/log/log"
import { deriveKeys, type Keys } from "@tributary/shared/secrets/keys"
import { Redis } from "@upstash/redis/cloudflare"
import { scriptSources } from "./admission/script-sources.ts"
import { type Bindings, type EdgeConfig, readBindings } from "./bindings.ts"
import { PackReader } from "./snapshot/pack-reader.ts"
import { SnapshotReader } from "./snapshot/snapshot-reader.ts"
import { fromStore } from "./store-unavailable.ts"

/** What handlers work with; made once per isolate. */
export interface Edge {
  config: EdgeConfig
  bucket: R2Bucket
  keys: Keys
  redis: Redis
  run: RunScript
  snapshots: SnapshotReader
  packs: PackReader
}

// Answers to players must be given within 2 s even while the store is away.
const storeTimeoutMilliseconds = 1_500

let made: Edge | undefined

/**
 * The edge of this isolate. Only the finished value is kept: a promise of another request must not be
 * awaited in a Worker (its I/O belongs to that request).
 */
export async function edgeOf(bindings: Bindings): Promise<Edge> {
  if (made !== undefined) return made
  const config = readBindings(bindings)
  await startLog({
    // biome-ignore lint/suspicious/noConsole: a Worker's log is its console.
    write: (line) => console.log(line.trimEnd()),
    debug: config.DEBUG === "true",
    obfuscate: config.OBFUSCATE_URLS === "true",
  })
  const redis = new Redis({
    url: config.UPSTASH_REDIS_REST_URL,
    token: config.UPSTASH_REDIS_REST_TOKEN,
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: { retries: 1, backoff: () => 50 },
    signal: () => AbortSignal.timeout(storeTimeoutMilliseconds),
  })
  const run = bindScripts(redis, scriptSources)
  const packs = new PackReader(bindings.SNAPSHOTS)
  made = {
    config,
    bucket: bindings.SNAPSHOTS,
    keys: await deriveKeys(config.TRIBUTARY_SECRET),
    redis,
    run: (...call) => fromStore(run(...call)),
    snapshots: new SnapshotReader(bindings.SNAPSHOTS, packs),
    packs,
  }
  return made
}
