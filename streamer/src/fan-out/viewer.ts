import type { Socket } from "node:net"

// After the stream's end a player may take what is queued, but not wait without taking anything. Node grants
// a socket that has just sent something twice the time.
const lingerMilliseconds = 1_500

/** One player's connection: takes chunks that many share, and never makes the producer wait. */
export class Viewer {
  readonly #socket: Socket
  readonly #chunked: boolean
  #maxBacklogBytes: number
  #state: "waiting" | "playing" | "ended" = "waiting"
  bytesSent = 0
  /** Resolves when the connection is gone, whoever ended it. */
  readonly ended: Promise<"left" | "too-slow" | "stream-ended">
  #end: (how: "left" | "too-slow" | "stream-ended") => void = () => undefined

  /** `socket` must have had its response head written; `chunked` frames follow HTTP/1.1 (RFC 9112 7.1). */
  constructor(socket: Socket, { chunked, maxBacklogBytes }: { chunked: boolean; maxBacklogBytes: number }) {
    this.#socket = socket
    this.#chunked = chunked
    this.#maxBacklogBytes = maxBacklogBytes
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    const left = () => this.#finish("left")
    socket.once("close", left)
    socket.once("error", left)
    if (socket.destroyed) left()
  }

  get state() {
    return this.#state
  }

  /** The first bytes: from here on the viewer takes every chunk. */
  start(opening: Frame): void {
    if (this.#state !== "waiting") return
    this.#state = "playing"
    this.write(opening)
    // An opening may be as large as the backlog by itself, and nobody is slow for having got it.
    this.#maxBacklogBytes += opening.bytes
  }

  /** Sends a shared chunk. A viewer who lets too much pile up is dropped: the stream goes on for the others. */
  write(frame: Frame): void {
    if (this.#state !== "playing") return
    if (this.#socket.writableLength > this.#maxBacklogBytes) {
      this.#finish("too-slow")
      this.#socket.destroy()
      return
    }
    this.bytesSent += frame.bytes
    this.#socket.write(this.#chunked ? frame.chunked() : frame.plain)
  }

  /** The stream is over: what is queued still goes out, then the connection closes. */
  close(): void {
    if (this.#state === "ended") return
    this.#finish("stream-ended")
    this.#socket.setTimeout(lingerMilliseconds, () => this.#socket.destroy())
    if (this.#chunked) this.#socket.write("0\r\n\r\n")
    // Not `end`: a server's socket stays open until the player closes its half too.
    this.#socket.destroySoon()
  }

  /** Ends the connection now. */
  destroy(): void {
    this.#finish("stream-ended")
    this.#socket.destroy()
  }

  #finish(how: "left" | "too-slow" | "stream-ended"): void {
    if (this.#state === "ended") return
    this.#state = "ended"
    this.#end(how)
  }
}

/** Bytes that many viewers are sent; the HTTP/1.1 framing is made once, for all of them. */
export class Frame {
  readonly plain: Buffer
  #chunked: Buffer | undefined

  constructor(plain: Buffer) {
    this.plain = plain
  }

  get bytes() {
    return this.plain.length
  }

  chunked(): Buffer {
    this.#chunked ??= Buffer.concat([
      Buffer.from(`${this.plain.length.toString(16)}\r\n`, "latin1"),
      this.plain,
      Buffer.from("\r\n", "latin1"),
    ])
    return this.#chunked
  }
}
