import type { SpawnRemux } from "../../ffmpeg/remuxer.ts"
import { PacketAligner } from "../../mpegts/packet-aligner.ts"
import type { OpenSegment } from "../../upstream/hls/segment-source.ts"
import { TsOutput } from "../../upstream/hls/ts-output.ts"
import type { HttpSession } from "../../upstream/http/http-session.ts"
import type { UpstreamFailure } from "../../upstream/upstream.ts"
import type { Past } from "../past-player.ts"
import { PacedDelivery } from "./paced-delivery.ts"
import { pacedOutput } from "./paced-output.ts"

// Enough for a player's socket to be busy; beyond it the provider has to wait.
const mostHeldBytes = 256 * 1024

/**
 * The past as one body, which a provider sends as fast as it is read. It is not asked for again where it breaks off:
 * these answers have no ranges, and another one would begin with a keyframe somewhere before.
 */
export class PlainPast implements Past {
  readonly contentType = "video/mp2t"
  readonly #session: HttpSession
  readonly #part: OpenSegment
  readonly #output: TsOutput
  readonly #delivery: PacedDelivery
  readonly #broken = Promise.withResolvers<UpstreamFailure>()
  #onChunk: (chunk: Buffer) => Promise<void> | void = () => undefined

  constructor(session: HttpSession, part: Pick<OpenSegment, "kind" | "body">, spawn?: SpawnRemux) {
    this.#session = session
    this.#part = { ...part, init: null }
    this.#delivery = new PacedDelivery(
      (chunk) => this.#onChunk(chunk),
      () => this.#break({ code: "aborted" }),
    )
    const aligner = new PacketAligner()
    const target = {
      onChunk: (chunk: Buffer) => this.#delivery.give(aligner.push(chunk)),
      onSeam: () => undefined,
      onFailure: (failure: UpstreamFailure) => this.#break(failure),
    }
    this.#output = new TsOutput(target, spawn)
  }

  async read(onChunk: (chunk: Buffer) => Promise<void> | void): Promise<UpstreamFailure> {
    this.#onChunk = onChunk
    const { body, kind } = this.#part
    const output = pacedOutput(this.#output, this.#delivery)
    await output.begin(this.#part, false)
    let isWaiting = false
    const settle = async () => {
      isWaiting = true
      body.pause()
      await output.flushed()
      isWaiting = false
      body.resume()
    }
    const reading = body.read((chunk) => {
      output.write(chunk)
      const isFull = kind !== "mpegts" || this.#delivery.heldBytes > mostHeldBytes
      if (isFull && !isWaiting) settle().catch(() => this.#break({ code: "protocol_error" }))
    })
    const end = await Promise.race([reading, this.#broken.promise])
    // Of what came before it broke, all is worth having.
    await output.end()
    return end
  }

  async close(): Promise<void> {
    this.#break({ code: "aborted" })
    this.#delivery.stop()
    await Promise.all([this.#session.close(), this.#output.stop()])
  }

  #break(failure: UpstreamFailure): void {
    this.#broken.resolve(failure)
    this.#part.body.cancel()
  }
}
