import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { startChild } from "../process/child-process.ts"
import { SettingError } from "../setting-error.ts"
import type { Part } from "./part.ts"

export interface EdgePartOptions {
  host: string
  port: number
  dataDir: string
  /** Vars and secrets of the Worker. */
  bindings: Record<string, string>
  onLog: (line: string) => void
}

const edgeFolder = fileURLToPath(new URL("../../../edge", import.meta.url))
const wrangler = fileURLToPath(import.meta.resolve("wrangler"))
const readyTimeoutMs = 30_000

/** The edge in workerd, by `wrangler dev`: R2, Cache API and cron included, all kept in the data directory. */
export function edgePart({ host, port, dataDir, bindings, onLog }: EdgePartOptions): Part {
  return {
    name: "edge",
    start: async () => {
      // A file, because a command line can be read by everybody on the machine.
      const envFile = join(dataDir, "edge.env")
      const lines = Object.entries(bindings).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
      await writeFile(envFile, lines.join(""), { mode: 0o600 })
      const started = await startChild({
        program: process.execPath,
        arguments: [
          ...["--no-warnings", wrangler, "dev"],
          ...["--ip", host, "--port", String(port), "--inspector-port", "0"],
          ...["--persist-to", join(dataDir, "edge"), "--env-file", envFile],
          ...["--log-level", "log", "--show-interactive-dev-session=false"],
        ],
        cwd: edgeFolder,
        closeDeadlineMs: 1_500,
        environment: {
          ...process.env,
          // Nothing is reported, and the sample of `request.cf` is not fetched from the network.
          WRANGLER_SEND_METRICS: "false",
          CLOUDFLARE_CF_FETCH_ENABLED: "false",
          // Its pages show and change the stored objects, for everybody who can reach the port.
          X_LOCAL_EXPLORER: "false",
          WRANGLER_LOG_PATH: join(dataDir, "edge-logs"),
        },
        onLine: (_from, line) => {
          // The Worker's own lines; wrangler's accounts of requests say nothing more.
          if (line.startsWith("{")) onLog(line)
        },
      })
      if (started.kind !== "started") throw new SettingError(`edge: ${started.program} cannot be run`)
      const { child } = started
      let exited = false
      void child.exited.then(() => {
        exited = true
      })
      const deadline = performance.now() + readyTimeoutMs
      while (!(await answers(port))) {
        if (!exited && performance.now() < deadline) {
          await delay(50)
          continue
        }
        const { tail } = await child.destroy()
        throw new SettingError(
          `edge: the Worker did not start: ${tail.trim().split("\n").slice(-5).join(" ")}`,
        )
      }
      return { exited: child.exited, close: child.close }
    },
  }
}

/** Any answer will do: what it says is about the other parts. */
function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_500) }).then(
    async (response) => {
      await response.body?.cancel()
      return true
    },
    () => false,
  )
}
