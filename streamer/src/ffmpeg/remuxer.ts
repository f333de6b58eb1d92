import { type ChildProcess, spawn } from "node:child_process"
import type { Readable, Writable } from "node:stream"
import { inputPipe, type RemuxInput, remuxArguments } from "./remux-arguments.ts"

/** How a remuxing ended: all was read and written, we stopped it, or it could not go on. */
export type RemuxEnd = { code: "ended" } | { code: "stopped" } | { code: "failed"; detail: string }

/** A child whose standard streams are pipes. */
export type SpawnRemux = (
  args: string[],
) => ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable }

const stderrTailCharacters = 2_000

/** In a group of its own, so that it and whatever it starts can be killed as one, and no signal for us reaches it. */
export const spawnFfmpeg = (args: string[], program = "ffmpeg") =>
  spawn(program, args, { stdio: ["pipe", "pipe", "pipe", "pipe"], detached: true }) as ReturnType<SpawnRemux>

/**
 * One ffmpeg that puts something else into MPEG-TS. When this process dies its input ends, and it with that.
 */
export class Remuxer {
  readonly #child: ReturnType<SpawnRemux>
  readonly #gone: Promise<RemuxEnd>
  #isStopped = false

  constructor(
    inputs: readonly RemuxInput[],
    onChunk: (chunk: Buffer) => void,
    start: SpawnRemux = spawnFfmpeg,
  ) {
    this.#child = start(remuxArguments(inputs))
    const unused = this.#child.stdio[inputPipe(1)] as Writable | undefined
    if (inputs.length === 1) unused?.destroy()
    let tail = ""
    this.#child.stderr.setEncoding("utf8")
    this.#child.stderr.on("data", (text: string) => {
      tail = (tail + text).slice(-stderrTailCharacters)
    })
    this.#child.stdout.on("data", (chunk: Buffer) => {
      if (!this.#isStopped) onChunk(chunk)
    })
    // What it does not want to read any more is told by its end.
    for (const n of inputs.keys()) this.#input(n).on("error", () => undefined)
    this.#gone = new Promise((resolve) => {
      this.#child.on("error", ({ message }) => resolve({ code: "failed", detail: message }))
      // Not "exit": then there may be output still to come.
      this.#child.on("close", (code, signal) => {
        if (this.#isStopped) resolve({ code: "stopped" })
        else if (code === 0) resolve({ code: "ended" })
        else resolve({ code: "failed", detail: `${signal ?? code}: ${tail.trim().split("\n").at(-1) ?? ""}` })
      })
    })
  }

  /** Resolves when it is gone, whatever ended it. */
  get gone(): Promise<RemuxEnd> {
    return this.#gone
  }

  write(chunk: Buffer, input = 0): void {
    if (this.#input(input).writable) this.#input(input).write(chunk)
  }

  /** Resolves when it has taken what was written, or is gone. */
  async flushed(input = 0): Promise<void> {
    const pipe = this.#input(input)
    if (!pipe.writable || !pipe.writableNeedDrain) return
    await Promise.race([this.#gone, new Promise((resolve) => pipe.once("drain", resolve))])
  }

  /** Lets it write what it has, when this is its only input; resolves when it is gone. */
  async end(input = 0): Promise<RemuxEnd> {
    this.#input(input).end()
    return await this.#gone
  }

  #input(input: number): Writable {
    return this.#child.stdio[inputPipe(input)] as Writable
  }

  /** Kills it with all that it started; resolves when it is gone. */
  async stop(): Promise<RemuxEnd> {
    this.#isStopped = true
    const { pid } = this.#child
    if (pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null)
      try {
        process.kill(-pid, "SIGKILL")
      } catch {
        // It went in this moment.
      }
    return await this.#gone
  }
}
