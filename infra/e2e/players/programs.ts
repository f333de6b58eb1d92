import { type Child, type StartChildOptions, startChild } from "../../local/process/child-process.ts"

export type ProgramOptions = Pick<StartChildOptions, "environment" | "onLine">

const closeDeadlineMs = 5_000

/** The programs that were started and whatever they left running, ended by their ids. */
export class Programs {
  readonly #running = new Set<Child>()

  /** Rejects when it does not start. */
  async start(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<Child> {
    const started = await startChild({
      ...{ program, arguments: args, cwd: "/", closeDeadlineMs },
      ...options,
    })
    if (started.kind !== "started")
      throw new Error(`${program} did not start: ${started.kind === "missing" ? "missing" : started.reason}`)
    const { child } = started
    this.#running.add(child)
    void child.exited.then(() => this.#running.delete(child))
    return child
  }

  /** Idempotent; resolves when nothing of them is left. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((child) => child.close()))
  }
}
