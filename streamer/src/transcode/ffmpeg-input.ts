import type { Writable } from "node:stream"
import type { Frame } from "../fan-out/frame.ts"
import type { Subscriber, SubscriberState } from "../fan-out/subscriber.ts"

// Handed to the pipe at once: what the kernel holds for it (pipe(7)). The rest waits here, where it can be given up.
const handedBytes = 64 * 1024

/** Takes a live stream's packets for one ffmpeg. Slower than real time, it skips to the newest keyframe. */
export class FfmpegInput implements Subscriber {
  readonly #pipe: Writable
  readonly #onPackets: (packets: Buffer) => void
  #state: SubscriberState = "waiting"
  #queue: Frame[] = []
  #queuedBytes = 0
  bytesSent = 0
  moves = 0
  readonly #written = () => {
    if (this.#pipe.writableLength === 0) this.#resume()
  }

  /** `onPackets` sees all that it is given when it is given; it must not keep or change it. */
  constructor(pipe: Writable, onPackets: (packets: Buffer) => void) {
    this.#pipe = pipe
    this.#onPackets = onPackets
    // Then the ffmpeg has gone, or is going, and whoever started it hears of that.
    pipe.on("error", () => this.#finish())
    pipe.once("close", () => this.#finish())
  }

  get state(): SubscriberState {
    return this.#state
  }

  get backlogBytes(): number {
    // What a destroyed pipe had not written is not used any more.
    return this.#queuedBytes + (this.#pipe.destroyed ? 0 : this.#pipe.writableLength)
  }

  start(opening: readonly Frame[]): void {
    if (this.#state !== "waiting" && this.#state !== "moved") return
    this.#state = "playing"
    for (const frame of opening) this.write(frame)
  }

  write(frame: Frame): void {
    if (this.#state !== "playing") return
    this.#onPackets(frame.plain)
    this.#queue.push(frame)
    this.#queuedBytes += frame.bytes
    if (this.#pipe.writableLength === 0) this.#pump()
  }

  /** What the pipe was handed goes on, in whole frames; it is `moved` when that has drained. */
  move(): void {
    if (this.#state !== "playing") return
    this.moves++
    this.#queue = []
    this.#queuedBytes = 0
    this.#state = this.#pipe.writableLength === 0 ? "moved" : "moving"
  }

  /** The stream is over: ffmpeg may make what it can of what it was given. */
  close(): void {
    if (this.#state === "ended") return
    const rest = this.#queue
    this.#finish()
    for (const frame of rest) this.#hand(frame)
    this.#pipe.end()
  }

  #hand(frame: Frame): void {
    if (!this.#pipe.writable) return
    this.bytesSent += frame.bytes
    this.#pipe.write(frame.plain, this.#written)
  }

  #pump(): void {
    for (let bytes = 0; bytes < handedBytes; ) {
      const frame = this.#queue.shift()
      if (frame === undefined) return
      bytes += frame.bytes
      this.#queuedBytes -= frame.bytes
      this.#hand(frame)
    }
  }

  #resume(): void {
    if (this.#state === "moving") this.#state = "moved"
    else if (this.#state === "playing") this.#pump()
  }

  #finish(): void {
    this.#state = "ended"
    this.#queue = []
    this.#queuedBytes = 0
  }
}
