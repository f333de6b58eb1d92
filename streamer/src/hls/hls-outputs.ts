import type { PacketSource } from "../pool/live-stream.ts"
import { HlsOutput, type HlsOutputOptions, type LeftOff } from "./hls-output.ts"
import { type TimelineOf, Timelines } from "./timelines.ts"

interface Shared {
  output: HlsOutput
  users: number
  /** Ends it when nobody has come back. */
  timer: NodeJS.Timeout | null
}

export interface HlsOutputsOptions extends Pick<HlsOutputOptions, "budget" | "now" | "logger"> {
  /** Of each output (`BUFFER_SIZE_PER_STREAM`). */
  maxBytes: () => number
  /** So long an output nobody uses is kept, in milliseconds. */
  graceMilliseconds: number
}

const mostRemembered = 10_000

/** The streams that are HLS here, each once however many watch: by what is played. */
export class HlsOutputs {
  readonly #options: HlsOutputsOptions
  readonly #shared = new Map<string, Shared>()
  readonly #timelines = new Timelines()
  /** Where outputs that have closed left off, by key: players go on with the same address. */
  readonly #left = new Map<string, LeftOff>()

  constructor(options: HlsOutputsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#shared.size
  }

  /** In bytes: what all of them keep. */
  get bytes(): number {
    return [...this.#shared.values()].reduce((sum, { output }) => sum + output.bytes, 0)
  }

  /** One more uses it, until they `release` it. The source of a key is another one when the last has closed. */
  take(key: string, source: PacketSource, timelineOf: TimelineOf): HlsOutput {
    const known = this.#shared.get(key)
    if (known?.output.isOpen && known.output.source === source) {
      if (known.timer !== null) clearTimeout(known.timer)
      known.timer = null
      known.users++
      return known.output
    }
    if (known !== undefined) this.#close(key, known)
    const before = this.#left.get(key) ?? null
    const timeline = this.#timelines.of(timelineOf)
    const maxBytes = this.#options.maxBytes()
    const output = new HlsOutput({ ...this.#options, source, maxBytes, timeline, before })
    const shared: Shared = { output, users: 1, timer: null }
    this.#shared.set(key, shared)
    void output.closed.then(() => this.#close(key, shared))
    return output
  }

  release(key: string, output: HlsOutput): void {
    const shared = this.#shared.get(key)
    if (shared?.output !== output || --shared.users > 0) return
    shared.timer = setTimeout(() => this.#close(key, shared), this.#options.graceMilliseconds)
  }

  close(): void {
    for (const [key, shared] of this.#shared) this.#close(key, shared)
  }

  #close(key: string, shared: Shared): void {
    if (shared.timer !== null) clearTimeout(shared.timer)
    if (this.#shared.get(key) === shared) {
      this.#shared.delete(key)
      this.#remember(key, shared.output.leftOff)
    }
    shared.output.close()
  }

  #remember(key: string, leftOff: LeftOff | null): void {
    this.#left.delete(key)
    if (leftOff !== null) this.#left.set(key, leftOff)
    const [oldest] = this.#left.keys()
    if (this.#left.size > mostRemembered && oldest !== undefined) this.#left.delete(oldest)
  }
}
