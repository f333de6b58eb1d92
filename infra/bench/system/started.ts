import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { nodePart } from "../../local/parts/node-part.ts"
import type { Opened } from "../shared.ts"

const listServer = new URL("list-server.ts", import.meta.url)
const demoProvider = new URL("../../local/demo-provider/main.ts", import.meta.url)

/** What was started for one system that a bench measures; closed last first. */
export class Started implements Opened {
  readonly #ends: (() => Promise<unknown>)[] = []

  /** Has it ended when this is closed. */
  add(end: () => Promise<unknown>): void {
    this.#ends.push(end)
  }

  /** An empty folder, which is removed in the end. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"))
    this.add(() => rm(folder, { recursive: true, force: true }))
    return folder
  }

  /** A provider's web server, whose files are those of the folder. */
  listServer(port: number, folder: string): Promise<void> {
    return this.#part("list server", listServer, { LIST_PORT: String(port), LIST_FOLDER: folder })
  }

  demoProvider(port: number, environment: Record<string, string> = {}): Promise<void> {
    return this.#part("demo provider", demoProvider, {
      DEMO_PORT: String(port),
      // Rendered once for all runs on this machine, tests included.
      DEMO_DATA_DIR: join(tmpdir(), "tributary-demo-loops"),
      ...environment,
    })
  }

  /** Ends everything, also when something of it fails to end; then it rejects. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const end of this.#ends.splice(0).toReversed())
      await end().catch((error: unknown) => void failures.push(error))
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("; "))
  }

  async #part(name: string, entry: URL, environment: Record<string, string>): Promise<void> {
    const part = nodePart({ name, entry, environment, onLog: () => undefined, readyTimeoutMs: 180_000 })
    const running = await part.start()
    this.add(() => running.close())
  }
}

/** Starts something of several parts; when one of them fails, those that run already are ended. */
export async function startAll<T>(start: (started: Started) => Promise<T>): Promise<T> {
  const started = new Started()
  try {
    return await start(started)
  } catch (error) {
    // Why it did not start says more than what did not end then.
    await started.close().catch(() => undefined)
    throw error
  }
}
