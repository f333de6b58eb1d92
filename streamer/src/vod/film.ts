import { askAgain } from "../pool/ask-again.ts"
import { retryDelay } from "../pool/failover-policy.ts"
import type { HeldBody } from "../upstream/http/held-body.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import { type FileVersion, isSameFile } from "./range/file-version.ts"
import { FilmRange, type RangeSink } from "./range/film-range.ts"
import type { Part, PartResult, RangeConnection } from "./range/range-connection.ts"
import { type Turn, Turns, turnBytes } from "./range/turns.ts"

export interface FilmOptions {
  connection: Pick<RangeConnection, "ask" | "disconnect" | "close">
  version: FileVersion
  /** The answer that told the version; null when there was nothing in it to read. */
  first: Part | null
  maxRetries: number
  /** The longest one. */
  retryDelayMilliseconds: number
  onFailure: (failure: UpstreamFailure) => void
  /** A connection was broken off, which the provider may not have noticed yet. */
  onDisconnected: () => void
  /** Whether the provider may still count a connection that is closed here. */
  mayLag: () => boolean
  /** Monotonic milliseconds. */
  now: () => number
  random: () => number
}

// A player that holds as much, unsent, is waited for.
const fullBytes = 512 * 1024
// With less it can take a whole turn's bytes.
const roomyBytes = 256 * 1024

/** As much is read and thrown away to reach a place in a file whose provider can only send it from its beginning. */
export const mostSkippedBytes = 16 * 1024 * 1024

/** One file at a provider, read in ranges over one connection at a time, however many ranges are open. */
export class Film {
  readonly version: FileVersion
  bytesReceived = 0
  readonly #options: FilmOptions
  readonly #turns = new Turns<FilmRange>()
  readonly #ranges = new Set<FilmRange>()
  readonly #closing = new AbortController()
  #first: Part | null
  /** Resolves when what came and was not read is dropped. */
  #rested: Promise<void> = Promise.resolve()
  /** What is read just now. */
  #current: { range: FilmRange; body: HeldBody; isShared: boolean } | null = null
  #timer: NodeJS.Timeout | undefined
  #isRunning = false

  constructor(options: FilmOptions) {
    this.#options = options
    this.version = options.version
    this.#first = options.first
  }

  /** Reads a part into a sink; `end` is not included, null: as far as the provider sends. The first bytes come later. */
  read(slice: { first: number; end: number | null }, sink: RangeSink): FilmRange {
    const range = new FilmRange(slice, sink)
    if (this.#closing.signal.aborted) range.finish({ code: "closed" })
    else if (slice.first === slice.end) range.finish({ code: "given" })
    if (range.isOver) return range
    // Turns would mean to send the file from its beginning each time.
    if (!this.version.hasRanges) for (const other of this.#ranges) other.finish({ code: "replaced" })
    this.#ranges.add(range)
    range.signal.addEventListener("abort", () => this.#forget(range), { once: true })
    sink.onDrained(() => this.#want(range))
    this.#want(range)
    return range
  }

  /** Nobody reads any more: what is under way is of no use. */
  async rest(): Promise<void> {
    if (this.#ranges.size === 0 && this.#first !== null) this.#rested = this.#dropFirst()
    await this.#rested
  }

  /** Idempotent; resolves when the connection is gone. */
  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await this.#options.connection.close()
    for (const range of this.#ranges) range.finish({ code: "closed" })
  }

  #want(range: FilmRange): void {
    if (range.isOver) return
    this.#turns.want(range, this.#options.now())
    if (this.#current?.range === range) this.#current.body.resume()
    else this.#heedTurn()
    if (!this.#isRunning) void this.#run()
  }

  #forget(range: FilmRange): void {
    this.#ranges.delete(range)
    this.#turns.leave(range)
    // One that got all of it leaves the connection as it is: the answer ends there.
    if (this.#current?.range === range && range.at !== range.end) this.#current.body.cancel()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    let turn = this.#turns.begin(this.#options.now())
    while (turn !== null && !this.#closing.signal.aborted) {
      await this.#serve(turn)
      this.#turns.end()
      turn = this.#turns.begin(this.#options.now())
    }
    this.#isRunning = false
  }

  async #serve({ range, isShared }: Turn<FilmRange>): Promise<void> {
    await this.#rested
    const first = await this.#takeFirst(range)
    const result = first === null ? await this.#ask(range, isShared) : { ok: true as const, part: first }
    if (range.isOver || this.#closing.signal.aborted) {
      if (result.ok) await this.#breakOff(result.part.body)
      return
    }
    if (!result.ok && result.code === "failed") return await this.#fail(range, result.failure)
    if (!result.ok || !this.#continues(result.part, range)) {
      if (result.ok) await this.#breakOff(result.part.body)
      range.finish({ code: "changed" })
      return
    }
    await this.#carry(result.part, { range, isShared: isShared && first === null })
  }

  /** Whether an answer is what a range goes on with: of the same file, and from its place on. */
  #continues({ version, first }: Part, { at }: FilmRange): boolean {
    if (!isSameFile(this.version, version)) return false
    return first === at || (first < at && !this.version.hasRanges && at - first <= mostSkippedBytes)
  }

  /** The answer that came when the film was opened, when it is what the range needs; else that is dropped. */
  async #takeFirst(range: FilmRange): Promise<Part | null> {
    if (this.#first === null) return null
    if (!this.#continues(this.#first, range)) {
      await this.#dropFirst()
      return null
    }
    const first = this.#first
    this.#first = null
    return first
  }

  async #dropFirst(): Promise<void> {
    const body = this.#first?.body
    this.#first = null
    if (body !== undefined) await this.#breakOff(body)
  }

  #ask({ at, end, signal }: FilmRange, isShared: boolean): Promise<PartResult> {
    const { connection, mayLag } = this.#options
    const until = isShared ? Math.min(at + turnBytes, end ?? Number.POSITIVE_INFINITY) : end
    const range = { kind: "from", first: at, last: until === null ? null : until - 1 } as const
    const leave = () => void connection.disconnect()
    signal.addEventListener("abort", leave, { once: true })
    return askAgain(
      () => connection.ask(range, this.version),
      (result) => (result.ok || result.code === "outside" ? null : result.failure),
      { mayLag, signal: AbortSignal.any([signal, this.#closing.signal]) },
    ).finally(() => signal.removeEventListener("abort", leave))
  }

  /** Gives an answer's bytes to the range until its turn is over. */
  async #carry(part: Part, { range, isShared }: Turn<FilmRange>): Promise<void> {
    const { body } = part
    const { now } = this.#options
    const from = range.at
    let skip = range.at - part.first
    this.#current = { range, body, isShared }
    const end = await body.read((chunk) => {
      this.bytesReceived += chunk.length
      // As it is, where it is all of use: its memory is used again.
      const useful = skip === 0 ? chunk : chunk.subarray(Math.min(skip, chunk.length))
      skip -= chunk.length - useful.length
      if (range.isOver) return body.cancel()
      this.#turns.gave(range, range.take(useful), now())
      // More than was asked for is on its way.
      if (range.isOver && part.end !== range.at) return body.cancel()
      if (range.isOver || isShared) return
      if (range.sink.heldBytes >= fullBytes) {
        body.pause()
        this.#turns.full(range, now())
      }
      this.#heedTurn()
    })
    this.#current = null
    clearTimeout(this.#timer)
    if (end.code !== "ended") await this.#breakOff(body)
    if (range.isOver || this.#closing.signal.aborted) return
    // Where nobody knows the size, the end of the answer is the file's.
    const isAll = range.end === null && (part.end === null || part.end === range.at)
    if (end.code === "ended" && isAll) range.finish({ code: "given" })
    else if (end.code === "aborted" || (end.code === "ended" && range.at > from)) this.#goOn(range)
    else await this.#fail(range, end)
  }

  /** It waits for its next turn, unless its player has enough for now. */
  #goOn(range: FilmRange): void {
    this.#turns.end()
    if (range.sink.heldBytes < roomyBytes) this.#turns.want(range, this.#options.now())
  }

  /** Ends the turn of whoever reads, when another one's is due. */
  #heedTurn(): void {
    const current = this.#current
    if (current === null || current.isShared) return
    clearTimeout(this.#timer)
    const milliseconds = this.#turns.endsIn(this.#options.now())
    if (milliseconds === 0) current.body.cancel()
    else if (milliseconds !== null) this.#timer = setTimeout(() => this.#heedTurn(), milliseconds)
  }

  async #fail(range: FilmRange, failure: UpstreamFailure): Promise<void> {
    const { maxRetries, retryDelayMilliseconds, random, onFailure, onDisconnected, connection } =
      this.#options
    if (this.#closing.signal.aborted) return
    onFailure(failure)
    await connection.disconnect()
    onDisconnected()
    if (range.failures >= maxRetries) {
      range.finish({ code: "failed", failure })
      return
    }
    const milliseconds = retryDelay(range.failures++, retryDelayMilliseconds, random)
    // A player that has enough for now asks when it wants more.
    const timer = setTimeout(() => {
      if (range.sink.heldBytes < roomyBytes) this.#want(range)
    }, milliseconds)
    range.signal.addEventListener("abort", () => clearTimeout(timer), { once: true })
  }

  async #breakOff(body: HeldBody): Promise<void> {
    body.cancel()
    await this.#options.connection.disconnect()
    this.#options.onDisconnected()
  }
}
