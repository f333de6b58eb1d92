import type { Writable } from "node:stream"
import { inputPipe } from "./remux-arguments.ts"
import type { FfmpegChild } from "./spawn-ffmpeg.ts"

/** How an ffmpeg ended: all was read and written, we stopped it, or it could not go on. */
export type FfmpegEnd =
  | { code: "ended" }
  | { code: "stopped" }
  | {
      code: "failed"
      /** One line: with what it exited, and the last that it said. */
      detail: string
      /** The signal that ended it; null when it exited by itself, or never ran. */
      signal: NodeJS.Signals | null
      /** The end of what it said, at most 2,000 characters. */
      stderr: string
    }

const stderrTailCharacters = 2_000

/** One ffmpeg: what is written to its inputs, what comes out, and how it ended. When this process dies, it dies. */
export class FfmpegProcess {
  readonly #child: FfmpegChild
  readonly #gone: Promise<FfmpegEnd>
  #isStopped = false

  /** `inputs`: how many of its inputs are used, 1 or 2. Nothing comes out any more once it is told to stop. */
  constructor(child: FfmpegChild, inputs: 1 | 2, onOutput: (chunk: Buffer) => void) {
    this.#child = child
    const unused = child.stdio[inputPipe(1)] as Writable | undefined
    if (inputs === 1) unused?.destroy()
    let tail = ""
    child.stderr.setEncoding("utf8")
    child.stderr.on("data", (text: string) => {
      tail = (tail + text).slice(-stderrTailCharacters)
    })
    child.stdout.on("data", (chunk: Buffer) => {
      if (!this.#isStopped) onOutput(chunk)
    })
    // What it does not want to read any more is told by its end.
    for (let n = 0; n < inputs; n++) this.input(n).on("error", () => undefined)
    this.#gone = new Promise((resolve) => {
      child.on("error", ({ message }) =>
        resolve({ code: "failed", detail: message, signal: null, stderr: message }),
      )
      // Not "exit": then there may be output still to come.
      child.on("close", (code, signal) => {
        if (this.#isStopped) return resolve({ code: "stopped" })
        if (code === 0) return resolve({ code: "ended" })
        const stderr = tail.trim()
        const detail = `${signal ?? code}: ${stderr.split("\n").at(-1) ?? ""}`
        resolve({ code: "failed", detail, signal, stderr })
      })
    })
  }

  /** Null when it could not be started. */
  get pid(): number | null {
    return this.#child.pid ?? null
  }

  /** Resolves when it is gone, whatever ended it. */
  get gone(): Promise<FfmpegEnd> {
    return this.#gone
  }

  /** Of what is written, `writableLength` tells what it has not taken yet. */
  input(number: number): Writable {
    return this.#child.stdio[inputPipe(number)] as Writable
  }

  /** Kills it with all that it started; resolves when it is gone. */
  async stop(): Promise<FfmpegEnd> {
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
