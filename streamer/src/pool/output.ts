import { setTimeout as delay } from "node:timers/promises"
import type { FanOut } from "../fan-out/fan-out.ts"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import { nullPackets } from "../mpegts/null-packets.ts"
import { Splicer } from "../mpegts/splicer.ts"
import { FormatProbe, type StreamFormat } from "../mpegts/stream-format.ts"
import type { Upstream, UpstreamSeam } from "../upstream/upstream.ts"

export interface OutputOptions {
  fanOut: FanOut
  maxBufferBytes: number
  /** A picture that says that the channel will be back; null when there is none. */
  openSlate: () => Promise<Upstream | null>
  metrics: StreamMetrics
  /** Monotonic milliseconds. */
  now: () => number
}

const fillMilliseconds = 250
// So long viewers get null packets, which keep their connections; then the slate. It may have to be rendered first.
const slateAfterMilliseconds = 5_000
const preparationMilliseconds = 1_500
const filling = nullPackets(7)

/** What the viewers of a live stream get: one continuous transport stream, out of however many upstreams. */
export class Output {
  readonly #options: OutputOptions
  readonly #splicer: Splicer
  /** Of the feed that gives packets, or did so last. */
  #probe = new FormatProbe()
  #filledSince = 0
  #fill: NodeJS.Timeout | null = null
  #slateTimer: NodeJS.Timeout | null = null
  #slate: Upstream | null = null
  /** Raised by whatever makes a slate that is being opened, or read, pointless. */
  #generation = 0

  constructor(options: OutputOptions) {
    this.#options = options
    this.#splicer = new Splicer({ maxBytes: options.maxBufferBytes })
    this.interrupt()
  }

  get format(): StreamFormat {
    return this.#probe.format
  }

  /** A feed's first packets: tables, then everything from a keyframe on. */
  begin(packets: Buffer): void {
    this.#endInterruption()
    this.#probe = new FormatProbe()
    this.#splicer.seam("feed")
    this.push(packets)
  }

  push(packets: Buffer): void {
    this.#probe.push(packets)
    this.#pass(packets)
  }

  #pass(packets: Buffer): void {
    this.#options.fanOut.push(this.#splicer.push(packets, this.#options.now()))
  }

  seam(seam: UpstreamSeam): void {
    this.#splicer.seam(seam)
  }

  /** No feed gives packets from now on, until one begins. */
  interrupt(): void {
    if (this.#fill !== null) return
    this.#filledSince = this.#options.now()
    this.#fill = setInterval(() => {
      if (this.#slate === null) this.#options.fanOut.fill(filling)
    }, fillMilliseconds)
    const generation = this.#generation
    this.#slateTimer = setTimeout(
      () => void this.#showSlate(generation),
      slateAfterMilliseconds - preparationMilliseconds,
    )
  }

  close(): void {
    this.#endInterruption()
  }

  async #showSlate(generation: number): Promise<void> {
    const [slate] = await Promise.all([this.#options.openSlate(), delay(preparationMilliseconds)])
    if (slate === null) return
    if (generation !== this.#generation) return slate.close()
    this.#countFilling()
    this.#slate = slate
    this.#splicer.seam("feed")
    const isCurrent = () => generation === this.#generation
    await slate.read(
      (chunk) => {
        if (isCurrent()) this.#pass(chunk)
      },
      (seam) => {
        if (isCurrent()) this.seam(seam)
      },
    )
  }

  #countFilling(): void {
    const { now, metrics } = this.#options
    metrics.filled(this.#slate === null ? "null" : "slate", now() - this.#filledSince)
    this.#filledSince = now()
  }

  #endInterruption(): void {
    this.#generation++
    if (this.#fill !== null) {
      this.#countFilling()
      clearInterval(this.#fill)
    }
    if (this.#slateTimer !== null) clearTimeout(this.#slateTimer)
    void this.#slate?.close()
    this.#fill = this.#slateTimer = this.#slate = null
  }
}
