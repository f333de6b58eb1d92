import { JoinBuffer, type Opening } from "../mpegts/join-buffer.ts"
import { Frame, type Viewer } from "./viewer.ts"

/** One producer, many viewers: each starts with tables and a keyframe, then gets every chunk. */
export class FanOut {
  readonly #buffer: JoinBuffer
  readonly #viewers = new Set<Viewer>()

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
    const opening = this.#buffer.opening()
    if (opening !== null) viewer.start(framesOf(opening))
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer)
  }

  /** Sends whole packets to everyone. */
  push(packets: Buffer): void {
    if (packets.length === 0) return
    const batch = this.#buffer.push(packets)
    const frame = new Frame(packets)
    const opening = batch.opening === null ? null : framesOf(batch.opening)
    for (const viewer of this.#viewers) {
      if (viewer.state === "playing") viewer.write(frame)
      else if (opening !== null) viewer.start(opening)
    }
  }

  /** The stream is over for everyone. */
  close(): void {
    for (const viewer of this.#viewers) viewer.close()
    this.#viewers.clear()
  }
}

// Joined into one: a joiner's first write then is one segment train, not hundreds of small ones.
function framesOf(opening: Opening): Frame[] {
  return [new Frame(Buffer.concat([opening.tables, ...opening.chunks]))]
}
