import { randomUUID } from "node:crypto"
import type { OnReadOpts, Socket } from "node:net"
import { ChunkedBody } from "./chunked-body.ts"
import type { BodyStream } from "./held-body.ts"
import { mendHead } from "./mend-head.ts"
import { ReadMemory } from "./read-memory.ts"

/** In the heads of answers whose bodies come past undici; no server can know its name. */
export const tapHeader = `x-${randomUUID()}`

// While nobody has taken the body, which undici's answer is on its way to.
const maxHeldBytes = 256 * 1024
const maxHeadBytes = 16 * 1024
// Less is not worth it.
const fewestCountedBytes = 256 * 1024
// Not 204 and 304, whose length is of another answer's body.
const countedStatus = /^(?:20[0-35-9]|30[1-37-9]|[45]\d\d)$/
const status = /^HTTP\/1\.[01] (\d{3})/

type State =
  | { kind: "head"; begun: Buffer | null }
  /** Undici's, and so many bytes of it. */
  | { kind: "passing"; left: number }
  | { kind: "endless" }
  /** So many bytes are to come. */
  | { kind: "counted"; left: number }
  | { kind: "chunked"; chunks: ChunkedBody }

/**
 * Reads one connection in undici's place. Undici gets all heads (the first one mended), and what is short; of a body
 * without a length, as live streams have, or with a large one, as films have, it gets only the end. It would copy each byte once more, into its parser's
 * memory, and have it go through two of Node's streams: half of what a stream with one viewer costs.
 */
export class AnswerTap {
  readonly onread: OnReadOpts
  readonly #tapped: Map<string, AnswerTap>
  readonly #memory = new ReadMemory()
  readonly #name = randomUUID()
  #socket: Socket | null = null
  #state: State = { kind: "head", begun: null }
  #isFirst = true
  #isPaused = false
  /** Undici took enough for now. */
  #isFull = false
  #sink: ((chunk: Buffer) => void) | null = null
  #held: Buffer[] = []
  #heldBytes = 0
  #length: number | null = null

  constructor(tapped: Map<string, AnswerTap>) {
    this.#tapped = tapped
    this.onread = {
      buffer: () => this.#memory.next(),
      callback: (bytes) => this.#take(this.#memory.take(bytes)),
    }
  }

  attach(socket: Socket): void {
    this.#socket = socket
    socket.once("close", () => this.#tapped.delete(this.#name))
  }

  /** Of the tapped body; undici is told of chunks in its place. */
  get length(): number | null {
    return this.#length
  }

  /** The tapped body, in the place of undici's, which ends and fails as it should. */
  stream(body: BodyStream): BodyStream {
    const stream: BodyStream = {
      on: (event: string, listener: (...args: never[]) => void) => {
        body.on(event, listener as () => void)
        if (event === "data") this.#open(listener as unknown as (chunk: Buffer) => void)
        return stream as never
      },
      pause: () => {
        this.#isPaused = true
        body.pause()
        return stream as never
      },
      resume: () => {
        this.#isPaused = false
        body.resume()
        this.#readOn()
        return stream as never
      },
      destroy: (error) => {
        body.destroy(error)
        return stream as never
      },
    }
    return stream
  }

  #open(sink: (chunk: Buffer) => void): void {
    this.#sink = sink
    this.#heldBytes = 0
    for (const chunk of this.#held.splice(0)) sink(chunk)
    this.#readOn()
  }

  /** Node reads on when it is asked for something. */
  #readOn(): void {
    if (!this.#isPaused && this.#socket !== null && !this.#socket.destroyed) this.#socket.read(0)
  }

  /** False to have the sender wait. */
  #take(received: Buffer): boolean {
    this.#isFull = false
    for (let rest: Buffer | null = received; rest !== null && rest.length > 0; ) rest = this.#step(rest)
    return !this.#isFull && !this.#isPaused && this.#heldBytes < maxHeldBytes
  }

  /** What is left for the next step. */
  #step(data: Buffer): Buffer | null {
    const state = this.#state
    switch (state.kind) {
      case "endless":
        this.#give(data)
        return null
      case "counted":
        return this.#count(state, data)
      case "chunked": {
        const { body, over } = state.chunks.push(data)
        this.#give(body)
        if (over !== null) this.#state = { kind: "passing", left: Number.POSITIVE_INFINITY }
        return over
      }
      case "passing": {
        const count = Math.min(state.left, data.length)
        this.#pass(count === data.length ? data : data.subarray(0, count))
        state.left -= count
        if (state.left === 0) this.#state = { kind: "head", begun: null }
        return count === data.length ? null : data.subarray(count)
      }
      case "head":
        return this.#takeHead(state.begun === null ? data : Buffer.concat([state.begun, data]))
    }
  }

  #takeHead(received: Buffer): Buffer | null {
    const mended = this.#isFirst ? mendHead(received) : received
    const end = mended === "more" ? -1 : mended.indexOf("\r\n\r\n")
    if (mended === "more" || (end < 0 && !this.#isFirst && received.length < maxHeadBytes)) {
      this.#state = { kind: "head", begun: received }
      return null
    }
    this.#isFirst = false
    const head = end < 0 ? "" : mended.toString("latin1", 0, end + 2)
    this.#state = bodyOf(head)
    if (this.#state.kind === "passing") {
      this.#state.left += head === "" ? 0 : end + 4
      return mended
    }
    // The body before, on this connection, is over.
    this.#sink = null
    this.#tapped.set(this.#name, this)
    this.#length = this.#state.kind === "counted" ? this.#state.left : null
    const told =
      this.#length === null ? head : head.replace(lengthField, "\r\ntransfer-encoding: chunked\r\n")
    this.#pass(Buffer.from(`${told}${tapHeader}: ${this.#name}\r\n\r\n`, "latin1"))
    return mended.subarray(end + 4)
  }

  #count(state: { left: number }, data: Buffer): Buffer | null {
    const count = Math.min(state.left, data.length)
    this.#give(count === data.length ? data : data.subarray(0, count))
    state.left -= count
    if (state.left > 0) return null
    this.#state = { kind: "head", begun: null }
    this.#pass(Buffer.from("0\r\n\r\n", "latin1"))
    return count === data.length ? null : data.subarray(count)
  }

  #give(chunk: Buffer): void {
    if (chunk.length === 0) return
    if (this.#sink !== null) {
      this.#sink(chunk)
      return
    }
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
  }

  #pass(data: Buffer): void {
    if (this.#socket?.push(data) === false) this.#isFull = true
  }
}

/** What comes behind a head; what is not a plain case is undici's for good. */
function bodyOf(head: string): State {
  const code = status.exec(head)?.[1]
  const length = fieldOf(head, "content-length")
  const encoding = fieldOf(head, "transfer-encoding")
  if (code === "200" && length === null && encoding === null) return { kind: "endless" }
  if (code === "200" && length === null && encoding === "chunked")
    return { kind: "chunked", chunks: new ChunkedBody() }
  if (
    (code === "200" || code === "206") &&
    encoding === null &&
    isLarge(length) &&
    head.startsWith("HTTP/1.1")
  )
    return { kind: "counted", left: Number(length) }
  const isCounted = countedStatus.test(code ?? "") && encoding === null && /^\d+$/.test(length ?? "")
  return { kind: "passing", left: isCounted ? Number(length) : Number.POSITIVE_INFINITY }
}

const lengthField = /\r\ncontent-length:[^\r\n]*\r\n/i
const isLarge = (length: string | null) =>
  /^\d{6,15}$/.test(length ?? "") && Number(length) >= fewestCountedBytes

function fieldOf(head: string, name: string): string | null {
  const lines = head.split("\r\n").filter((line) => line.toLowerCase().startsWith(`${name}:`))
  return lines.length === 0
    ? null
    : lines
        .map((line) => line.slice(name.length + 1).trim())
        .join()
        .toLowerCase()
}
