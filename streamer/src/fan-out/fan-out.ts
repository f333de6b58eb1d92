import { JoinBuffer, type Opening } from "../mpegts/join-buffer.ts"
import { Frame, type Viewer } from "./viewer.ts"

/** One producer, many viewers: each starts with tables and a keyframe, then gets every chunk. */
export class FanOut {
  readonly #buffer: JoinBuffer
  readonly #viewers = new Set<Viewer>()
  /** Made when a viewer needs it, and shared by all who join before the next chunk. */
  #opening: Frame | null = null

  constructor(maxBytes: number) {
    this.#buffer = new JoinBuffer(maxBytes)
  }

  get viewers(): ReadonlySet<Viewer> {
    return this.#viewers
  }

  get streams() {
    return this.#buffer.streams
  }

  /** A joiner gets the newest keyframe on at once, or waits for the first one. */
  add(viewer: Viewer): void {
    this.#viewers.add(viewer)
    this.#start(viewer)
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer)
  }

  /** Sends whole packets to everyone. */
  push(packets: Buffer): void {
    if (packets.length === 0) return
    const { hasOpening } = this.#buffer.push(packets)
    this.#opening = null
    const frame = new Frame(packets)
    for (const viewer of this.#viewers) {
      if (viewer.state === "playing") viewer.write(frame)
      else if (hasOpening) this.#start(viewer)
    }
  }

  /** The stream is over for everyone. */
  close(): void {
    for (const viewer of this.#viewers) viewer.close()
    this.#viewers.clear()
  }

  #start(viewer: Viewer): void {
    this.#opening ??= frameOf(this.#buffer.opening())
    if (this.#opening !== null) viewer.start(this.#opening)
  }
}

// Joined into one: a joiner's first write then is one segment train, not hundreds of small ones.
function frameOf(opening: Opening | null): Frame | null {
  return opening === null ? null : new Frame(Buffer.concat([opening.tables, ...opening.chunks]))
}
