import type { Socket } from "node:net"
import type { Frame } from "./frame.ts"
import type { Subscriber, SubscriberState } from "./subscriber.ts"

// After the stream's end a player may take what is queued, but not wait without taking anything. Node grants
// a socket that has just sent something twice the time.
const lingerMilliseconds = 1_500
// Handed to the socket at once. The rest waits here, where it can be given up between two frames.
const handedBytes = 64 * 1024
// A player that waits for a first keyframe gets nothing that it could leave unacknowledged.
const keepAliveMilliseconds = 15_000

// RFC 9112 7.1.
const lastChunk = "0\r\n\r\n"

export type ViewerEnd = "left" | "took-nothing" | "stream-ended"

/** One player's connection: takes frames that many share, and holds them back while the player is slow. */
export class Viewer implements Subscriber {
  readonly #socket: Socket
  readonly #chunked: boolean
  #state: SubscriberState = "waiting"
  /** `writing`: what the socket was handed is on its way yet. `yielding`: it is another viewer's turn. */
  #turn: "free" | "writing" | "yielding" = "free"
  /** What the socket was not handed yet. */
  #queue: Frame[] = []
  #queuedBytes = 0
  bytesSent = 0
  moves = 0
  /** Resolves when it was given its first bytes; never when it gets none. */
  readonly started: Promise<void>
  #resolveStarted: () => void = () => undefined
  /** Resolves when the connection is gone, whoever ended it. */
  readonly ended: Promise<ViewerEnd>
  #end: (how: ViewerEnd) => void = () => undefined
  // Made once, as it goes with every write.
  readonly #written = () => {
    if (this.#turn !== "yielding" && this.#socket.writableLength === 0) this.#resume()
  }

  /** `socket` must have had its response head written; `chunked` frames follow HTTP/1.1 (RFC 9112 7.1). */
  constructor(socket: Socket, { chunked }: { chunked: boolean }) {
    this.#socket = socket
    this.#chunked = chunked
    this.started = new Promise((resolve) => {
      this.#resolveStarted = resolve
    })
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    const left = () => this.#finish("left")
    socket.once("close", left)
    socket.once("error", left)
    socket.setKeepAlive(true, keepAliveMilliseconds)
    if (socket.destroyed) left()
  }

  get state(): SubscriberState {
    return this.#state
  }

  get backlogBytes(): number {
    return this.#queuedBytes + this.#socket.writableLength
  }

  start(opening: readonly Frame[]): void {
    if (this.#state !== "waiting" && this.#state !== "moved") return
    this.#state = "playing"
    for (const frame of opening) this.#enqueue(frame)
    this.#pump()
    this.#resolveStarted()
  }

  write(frame: Frame): void {
    if (this.#state !== "playing") return
    if (this.#turn === "free") this.#hand(frame)
    else this.#enqueue(frame)
  }

  /** What the socket was handed goes on, in whole frames; the viewer is `moved` when it has drained. */
  move(): void {
    if (this.#state !== "playing") return
    this.moves++
    this.#queue = []
    this.#queuedBytes = 0
    this.#state = this.#turn === "free" ? "moved" : "moving"
  }

  close(): void {
    this.#endAfterRest(lastChunk)
  }

  /**
   * Ends the connection after what it has been given, but not the response: a whole one is the end of the programme for
   * ffmpeg and ExoPlayer, and one that is not (RFC 9112 8) has them come again at once.
   */
  breakOff(): void {
    this.#endAfterRest(null)
  }

  #endAfterRest(end: string | null): void {
    if (this.#state === "ended") return
    const rest = this.#queue
    this.#finish("stream-ended")
    for (const frame of rest) this.#hand(frame)
    this.#socket.setTimeout(lingerMilliseconds, () => this.#socket.destroy())
    if (this.#chunked && end !== null) this.#socket.write(end)
    // Not `end`: a server's socket stays open until the player closes its half too.
    this.#socket.destroySoon()
  }

  /** Ends the connection now. */
  destroy(how: ViewerEnd = "stream-ended"): void {
    this.#finish(how)
    this.#socket.destroy()
  }

  #enqueue(frame: Frame): void {
    this.#queue.push(frame)
    this.#queuedBytes += frame.bytes
  }

  #hand(frame: Frame): void {
    this.bytesSent += frame.bytes
    this.#socket.write(this.#chunked ? frame.chunked : frame.plain, this.#written)
    // What the kernel takes at once is gone already.
    this.#turn = this.#socket.writableLength > 0 ? "writing" : "free"
  }

  /** Hands over the first of what waits, small frames joined into one system call. */
  #pump(): void {
    if (this.#queue.length === 0) return
    this.#socket.cork()
    for (let bytes = 0; bytes < handedBytes; ) {
      const frame = this.#queue.shift()
      if (frame === undefined) break
      bytes += frame.bytes
      this.#queuedBytes -= frame.bytes
      this.#hand(frame)
    }
    this.#socket.uncork()
    this.#turn = this.#socket.writableLength > 0 ? "writing" : "free"
    // An opening is some megabytes: when a thousand viewers join, the last is not to wait for all of the first's.
    if (this.#turn === "writing" || this.#queue.length === 0) return
    this.#turn = "yielding"
    setImmediate(Viewer.#resumeLater, this)
  }

  static #resumeLater(viewer: Viewer): void {
    viewer.#resume()
  }

  #resume(): void {
    this.#turn = "free"
    if (this.#state === "moving") this.#state = "moved"
    else if (this.#state === "playing") this.#pump()
  }

  #finish(how: ViewerEnd): void {
    if (this.#state === "ended") return
    this.#state = "ended"
    this.#queue = []
    this.#queuedBytes = 0
    this.#end(how)
  }
}
