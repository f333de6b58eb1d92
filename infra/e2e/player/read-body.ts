import type { IncomingMessage } from "node:http"

const TICK_MS = 20

/** Reads a body; the consumer may stop reading for a while, which fills the sockets' buffers. */
export interface BodyReader {
  pause(): void
  resume(): void
  /** Reads no more, for good. */
  stop(): void
}

/** Reads as fast as it comes. */
export function readFreely(body: IncomingMessage, onChunk: (chunk: Buffer) => void): BodyReader {
  body.on("data", onChunk)
  return {
    pause: () => void body.pause(),
    resume: () => void body.resume(),
    stop: () => void body.off("data", onChunk).pause(),
  }
}

/** Reads at most `bytesPerSecond`, evenly: a viewer on a slow line. */
export function readSlowly(
  body: IncomingMessage,
  onChunk: (chunk: Buffer) => void,
  pace: { readonly bytesPerSecond: number; readonly now: () => number },
): BodyReader {
  let since = pace.now()
  let paused = false

  function tick(): void {
    if (paused) return
    const at = pace.now()
    const allowed = Math.floor(((at - since) / 1000) * pace.bytesPerSecond)
    const size = Math.min(allowed, body.readableLength)
    // Reading 0 bytes asks the socket for more and takes nothing, and lets the end be seen.
    const chunk: Buffer | null = body.read(size)
    if (chunk === null || size === 0) {
      // What was not there to read is not owed later.
      if (body.readableLength === 0) since = at
      return
    }
    since += (size / pace.bytesPerSecond) * 1000
    onChunk(chunk)
  }

  // A listener keeps the body in paused mode, where only read() takes bytes.
  body.on("readable", () => undefined)
  const timer = setInterval(tick, TICK_MS)
  body.once("close", () => clearInterval(timer))
  return {
    pause() {
      paused = true
    },
    resume() {
      paused = false
      since = pace.now()
    },
    stop: () => clearInterval(timer),
  }
}
