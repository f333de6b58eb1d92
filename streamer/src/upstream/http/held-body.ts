import type { Readable } from "node:stream"
import type { UpstreamFailure } from "../upstream.ts"

/** Only what is needed of undici's body. */
export type BodyStream = Pick<Readable, "on" | "pause" | "resume" | "destroy">

/** What is done to a body as it comes. */
export interface BodyStage {
  push: (chunk: Buffer) => Buffer
  /** What is left at the end. */
  end: () => Buffer
  /** Whatever else comes is of no use. */
  isDone?: () => boolean
}

export interface HeldBodyOptions {
  stream: BodyStream
  /** The reason of an end without an error: a body as long as its connection ends so when that is reset, too. */
  endOf: () => UpstreamFailure
  failureOf: (error: unknown) => UpstreamFailure
  stages?: readonly BodyStage[]
  stallMilliseconds: number
  /** As much is held before somebody reads; then the sender has to wait. */
  maxHeldBytes: number
}

export type Recognised<Kind> = { ok: true; kind: Kind } | { ok: false; failure: UpstreamFailure }

const tooLong: UpstreamFailure = { code: "not_video", what: "unknown" }

/**
 * The body of an answer, read from the moment that it begins, so that neither its first bytes nor an end that comes
 * early is lost; what comes before somebody reads is held.
 */
export class HeldBody {
  readonly #stream: BodyStream
  readonly #maxHeldBytes: number
  readonly #stallMilliseconds: number
  readonly #stages: readonly BodyStage[]
  readonly #end = Promise.withResolvers<UpstreamFailure>()
  readonly #patience: NodeJS.Timeout
  #held: Buffer[] = []
  #heldBytes = 0
  #reason: UpstreamFailure | null = null
  #isPaused = false
  #sink: ((chunk: Buffer) => void) | null = null
  #onNews: () => void = () => undefined

  constructor({ stream, endOf, failureOf, stallMilliseconds, maxHeldBytes, stages }: HeldBodyOptions) {
    this.#stream = stream
    this.#maxHeldBytes = maxHeldBytes
    this.#stallMilliseconds = stallMilliseconds
    this.#stages = stages ?? []
    this.#patience = setTimeout(() => {
      if (this.#isPaused) this.#patience.refresh()
      else this.#finish({ code: "stalled" })
    }, stallMilliseconds)
    stream.on("data", (chunk: Buffer) => this.#take(chunk))
    stream.on("error", (error) => this.#finish(failureOf(error)))
    stream.on("end", () => this.#finish(endOf()))
    stream.on("close", () => this.#finish(endOf()))
  }

  /** Resolves when the body is over: then its connection is free for something else. */
  get over(): Promise<UpstreamFailure> {
    return this.#end.promise
  }

  /** Gives what is held, then what comes; resolves with the reason of the end. */
  async read(onChunk: (chunk: Buffer) => void): Promise<UpstreamFailure> {
    // So that nobody is called before he has the promise.
    await null
    this.#sink = onChunk
    this.#heldBytes = 0
    const wasPaused = this.#isPaused
    this.#isPaused = false
    for (const chunk of this.#held.splice(0)) onChunk(chunk)
    if (wasPaused && !this.#isPaused) this.#stream.resume()
    return await this.#end.promise
  }

  /** Asks at each arrival, and at the end, what the beginning is, until there is an answer. */
  async recognise<Kind>(decide: (start: Buffer, isOver: boolean) => Kind | null): Promise<Recognised<Kind>> {
    // One that only trickles is not waited for.
    const patience = setTimeout(() => this.#finish({ code: "stalled" }), this.#stallMilliseconds)
    try {
      return await this.#decided(decide)
    } finally {
      clearTimeout(patience)
    }
  }

  async #decided<Kind>(decide: (start: Buffer, isOver: boolean) => Kind | null): Promise<Recognised<Kind>> {
    while (true) {
      const reason = this.#reason
      const start = Buffer.concat(this.#held)
      const kind = start.length > 0 || reason !== null ? decide(start, reason?.code === "ended") : null
      if (kind !== null) return { ok: true, kind }
      if (reason !== null) return { ok: false, failure: reason }
      if (this.#isPaused) return { ok: false, failure: tooLong }
      await this.#news()
    }
  }

  /** The whole body; a failure when it is broken off, or longer than is held. */
  async all(): Promise<Recognised<Buffer>> {
    while (this.#reason === null && !this.#isPaused) await this.#news()
    if (this.#reason === null) {
      this.cancel()
      return { ok: false, failure: tooLong }
    }
    if (this.#reason.code !== "ended") return { ok: false, failure: this.#reason }
    return { ok: true, kind: Buffer.concat(this.#held) }
  }

  /** Has the sender wait; what is under way still comes. */
  pause(): void {
    if (this.#isPaused || this.#reason !== null) return
    this.#isPaused = true
    this.#stream.pause()
  }

  resume(): void {
    if (!this.#isPaused || this.#reason !== null) return
    this.#isPaused = false
    // The sender was not waited for meanwhile.
    this.#patience.refresh()
    this.#stream.resume()
  }

  cancel(): void {
    this.#finish({ code: "aborted" })
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#onNews = resolve
    })
  }

  #take(chunk: Buffer): void {
    if (this.#reason !== null) return
    this.#patience.refresh()
    this.#pass(this.#stages.reduce((bytes, stage) => stage.push(bytes), chunk))
    if (this.#stages.some((stage) => stage.isDone?.())) {
      this.#finish({ code: "ended" })
      return
    }
    if (this.#heldBytes >= this.#maxHeldBytes && !this.#isPaused) {
      this.#isPaused = true
      this.#stream.pause()
    }
  }

  #pass(chunk: Buffer): void {
    if (chunk.length === 0) return
    if (this.#sink !== null) {
      this.#sink(chunk)
      return
    }
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    this.#onNews()
  }

  #finish(reason: UpstreamFailure): void {
    if (this.#reason !== null) return
    if (reason.code === "ended")
      this.#stages.forEach((stage, n) => {
        this.#pass(this.#stages.slice(n + 1).reduce((bytes, next) => next.push(bytes), stage.end()))
      })
    this.#reason = reason
    clearTimeout(this.#patience)
    this.#end.resolve(reason)
    this.#stream.destroy()
    this.#onNews()
  }
}
