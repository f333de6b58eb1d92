import { readdirSync } from "node:fs"
import { join } from "node:path"
import { convertV4MiniflareOptions, Miniflare } from "miniflare"
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from "wrangler"

export interface ServeEdgeOptions {
  host: string
  /** 0 picks a free port. */
  port: number
  /** What `wrangler deploy --dry-run --outdir` wrote: `worker.js` and the files it imports as text. */
  bundle: string
  /** The Worker's `wrangler.jsonc`: its bucket, its assets and its compatibility date hold here too. */
  wranglerFile: string
  /** Where the bucket's objects and the cache are kept. */
  dataDir: string
  /** Vars and secrets of the Worker. */
  bindings: Record<string, string>
  onLog: (line: string) => void
}

export interface ServedEdge {
  url: string
  /** Does once what Cloudflare's cron does; rejects with what the handler threw. */
  runScheduled(): Promise<void>
  /** Ends workerd. Idempotent. */
  close(): Promise<void>
}

/**
 * The built Worker in workerd, for a server of one's own: nothing is bundled, watched or reloaded as `wrangler dev` does.
 * Resolves when it listens; rejects when workerd does not start.
 */
export async function serveEdge(options: ServeEdgeOptions): Promise<ServedEdge> {
  const { host, port, bundle, wranglerFile, dataDir, bindings, onLog } = options
  const { workerOptions } = readWorkerOptions(wranglerFile)
  const given = convertV4MiniflareOptions({
    ...workerOptions,
    modulesRoot: bundle,
    modules: modulesOf(bundle),
    bindings,
    host,
    port,
    resourcePersistencePath: dataDir,
    // Nothing is fetched from the network or reported, no page shows the objects, and no viewer is taken to be where the
    // built-in sample of `request.cf` is.
    cf: {},
    telemetry: { enabled: false },
    unsafeLocalExplorer: false,
    logRequests: false,
    handleStructuredLogs: ({ message }) => onLog(message),
  })
  const miniflare = new Miniflare(given)
  const url = await miniflare.ready
  let closing: Promise<void> | undefined
  return {
    url: url.origin,
    runScheduled: async () => {
      const worker = await miniflare.getWorker()
      const { outcome } = await worker.scheduled({ scheduledTime: new Date(), cron: "* * * * *" })
      if (outcome !== "ok") throw new Error(`the scheduled handler ended with ${outcome}`)
    },
    close: () => {
      closing ??= miniflare.dispose()
      return closing
    },
  }
}

/** The script first, as workerd starts with it. */
function modulesOf(bundle: string) {
  const texts = readdirSync(bundle).filter((name) => name.endsWith(".lua"))
  return [
    { type: "ESModule" as const, path: join(bundle, "worker.js") },
    ...texts.map((name) => ({ type: "Text" as const, path: join(bundle, name) })),
  ]
}
