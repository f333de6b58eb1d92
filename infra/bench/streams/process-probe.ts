// Loaded into the streamer by `--import`, to see what no endpoint says: writes each second to PROBE_FILE how large its
// heap is, and what keeps its event loop alive (sockets, timers) by kind.
import { renameSync, writeFileSync } from "node:fs"
import { isMainThread } from "node:worker_threads"

/** What is in the file. */
export interface ProbeReport {
  /** Milliseconds since 1970. */
  at: number
  memory: NodeJS.MemoryUsage
  /** Timers and handles by Node's names: `Timeout`, `TCPSocketWrap`, … */
  resources: Record<string, number>
}

const everyMilliseconds = 1_000
const { PROBE_FILE: file } = process.env

// Every Node process of the system is started with it.
if (file !== undefined && isMainThread && process.argv[1]?.endsWith("streamer/src/main.ts") === true) {
  const look = () => {
    const resources: Record<string, number> = {}
    for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1
    const report: ProbeReport = { at: Date.now(), memory: process.memoryUsage(), resources }
    writeFileSync(`${file}.new`, JSON.stringify(report))
    renameSync(`${file}.new`, file)
  }
  setInterval(look, everyMilliseconds).unref()
}
