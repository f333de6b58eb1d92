import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Opened } from "../../shared.ts"
import { onCore } from "../cores.ts"
import { requireDescriptors } from "../descriptors.ts"
import type { LoadAnswer, LoadOrder } from "./load-messages.ts"
import type { LoadReport } from "./load-report.ts"

const program = fileURLToPath(new URL("load-viewers.ts", import.meta.url))

/** Many viewers, in a process of their own on a core of their own. */
export class ViewerLoad implements Opened {
  readonly #child: ChildProcess
  readonly #gone: Promise<unknown>

  constructor(core: number | null) {
    const { program: first, arguments: rest } = onCore(core, process.execPath, [
      "--disable-warning=ExperimentalWarning",
    ])
    this.#child = fork(program, { execPath: first, execArgv: rest, detached: true, stdio: "inherit" })
    this.#gone = once(this.#child, "exit")
    this.#gone.catch(() => undefined)
  }

  /** Opens viewers beside those that watch already, and waits for their first bytes: the reports say who got none. */
  async open(urls: readonly string[], viewers: number, patienceSeconds = 8): Promise<void> {
    requireDescriptors(this.#child.pid ?? 0, viewers)
    const targets = urls.map((url) => new URL(url))
    const port = Number(targets[0]?.port)
    const paths = targets.map(({ pathname, search }) => pathname + search)
    await this.#ask({ kind: "open", host: "127.0.0.1", port, paths, viewers, patienceSeconds })
  }

  /** What they get from now on for so long, and the CPU time that these processes take meanwhile. */
  async measure(seconds: number, pids: readonly number[] = []): Promise<LoadReport> {
    const answer = await this.#ask({ kind: "measure", seconds, pids: [...pids] })
    if (answer.kind !== "report") throw new Error("the load generator gave no report")
    return answer.report
  }

  /** All viewers leave. */
  async leave(): Promise<void> {
    await this.#ask({ kind: "close" })
  }

  async close(): Promise<void> {
    // It ends itself then, and everything that it holds.
    if (this.#child.connected) this.#child.disconnect()
    await this.#gone.catch(() => undefined)
  }

  async #ask(order: LoadOrder): Promise<LoadAnswer> {
    if (!this.#child.connected) throw new Error("the load generator has ended")
    const answered = once(this.#child, "message") as Promise<[LoadAnswer]>
    this.#child.send(order)
    const ended = this.#gone.then(() => {
      throw new Error("the load generator ended")
    })
    ended.catch(() => undefined)
    const [answer] = await Promise.race([answered, ended])
    if (answer.kind === "failed") throw new Error(answer.why)
    return answer
  }
}
