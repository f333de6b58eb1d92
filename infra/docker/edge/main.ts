import { fileURLToPath } from "node:url"
import { readEdgeSettings } from "./edge-settings.ts"
import { serveEdge } from "./serve-edge.ts"

const minuteMilliseconds = 60_000

function exitWith(reason: string): never {
  process.stderr.write(`edge: ${reason}\n`)
  process.exit(1)
}

const read = readEdgeSettings(process.env)
if (!read.ok) exitWith(read.message)
const { settings, bindings } = read
const inEdge = (path: string) => fileURLToPath(new URL(`../../../edge/${path}`, import.meta.url))
const onLog = (line: string) => void process.stderr.write(`${line}\n`)

const edge = await serveEdge({
  host: settings.EDGE_HOST,
  port: settings.EDGE_PORT,
  bundle: inEdge("dist"),
  wranglerFile: inEdge("wrangler.jsonc"),
  dataDir: settings.EDGE_DATA_DIR,
  ...{ bindings, onLog },
}).catch((error: Error) => exitWith(error.message))

// A minute that failed is logged by the Worker; the next one comes by itself.
const cron = setInterval(() => {
  edge
    .runScheduled()
    .catch((error: Error) => onLog(JSON.stringify({ level: "ERROR", message: error.message })))
}, minuteMilliseconds)

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    clearInterval(cron)
    void edge.close().then(() => process.exit(0))
  })
}
process.stdout.write(`${JSON.stringify({ ready: true, url: edge.url })}\n`)
