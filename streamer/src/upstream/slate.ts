import { packetBytes } from "../mpegts/packet.ts"
import { slateSeconds } from "./render-slate.ts"
import type { Upstream, UpstreamFailure, UpstreamSeam } from "./upstream.ts"

const pieceMilliseconds = 40

/** Gives a new playback of the slate to whoever asks; it is rendered once, when it is needed first. */
export class Slate {
  readonly #render: () => Promise<Buffer | null>
  #rendered: Promise<Buffer | null> | null = null

  constructor(render: () => Promise<Buffer | null>) {
    this.#render = render
  }

  /** Null when it cannot be rendered. */
  async open(): Promise<Upstream | null> {
    this.#rendered ??= this.#render()
    const bytes = await this.#rendered
    return bytes === null ? null : new SlatePlayback(bytes)
  }
}

/** The slate over and over, in real time. */
class SlatePlayback implements Upstream {
  readonly #bytes: Buffer
  readonly #ended = Promise.withResolvers<UpstreamFailure>()
  #timer: NodeJS.Timeout | undefined

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  read(onChunk: (chunk: Buffer) => void, onSeam?: (seam: UpstreamSeam) => void): Promise<UpstreamFailure> {
    const packets = Math.floor(this.#bytes.length / packetBytes)
    const startedAt = performance.now()
    let sent = 0
    const send = () => {
      // A piece ahead, so that there is a picture at once.
      const seconds = (performance.now() - startedAt + pieceMilliseconds) / 1000
      const due = Math.floor((seconds / slateSeconds) * packets)
      while (sent < due) {
        const from = sent % packets
        const to = Math.min(packets, from + (due - sent))
        if (from === 0 && sent > 0) onSeam?.("discontinuity")
        // A copy: whoever takes it may edit it.
        onChunk(Buffer.from(this.#bytes.subarray(from * packetBytes, to * packetBytes)))
        sent += to - from
      }
    }
    this.#timer = setInterval(send, pieceMilliseconds)
    send()
    return this.#ended.promise
  }

  close(): Promise<void> {
    clearInterval(this.#timer)
    this.#ended.resolve({ code: "aborted" })
    return Promise.resolve()
  }
}
