import { FanOut, type FanOutShare } from "../fan-out/fan-out.ts"
import { nullPackets } from "../mpegts/null-packets.ts"
import { Splicer } from "../mpegts/splicer.ts"
import { FormatProbe, type StreamFormat } from "../mpegts/stream-format.ts"
import { BitrateWatch } from "../pool/bitrate-watch.ts"

export interface TranscodeOutputOptions {
  maxBufferBytes: number
  /** What the fan-outs of this process share. */
  share: FanOutShare
  onMoved: () => void
  /** Monotonic milliseconds. */
  now: () => number
}

const fillMilliseconds = 250
const filling = nullPackets(7)

/** What the viewers of a transcode get: one continuous transport stream, out of however many runs of ffmpeg. */
export class TranscodeOutput {
  readonly fanOut: FanOut
  readonly #options: TranscodeOutputOptions
  readonly #splicer: Splicer
  readonly #fill: NodeJS.Timeout
  #probe = new FormatProbe()
  #rate: BitrateWatch
  #lastPushAt: number

  constructor(options: TranscodeOutputOptions) {
    const { maxBufferBytes, share, onMoved, now } = options
    this.#options = options
    this.fanOut = new FanOut(maxBufferBytes, share, { moved: onMoved })
    this.#splicer = new Splicer({ maxBytes: maxBufferBytes })
    this.#lastPushAt = now()
    this.#rate = new BitrateWatch(this.#lastPushAt, { isSegmented: false })
    // While ffmpeg starts anew, or its live stream has nothing to give, viewers' connections are kept.
    this.#fill = setInterval(() => {
      if (now() - this.#lastPushAt >= fillMilliseconds) this.fanOut.fill(filling)
    }, fillMilliseconds)
  }

  get format(): StreamFormat {
    return this.#probe.format
  }

  /** Over the last seconds. */
  get bitsPerSecond(): number {
    return this.#rate.bitsPerSecond(this.#options.now())
  }

  /** What is pushed from now on is another run's. */
  begin(): void {
    this.#splicer.seam("feed")
    this.#probe = new FormatProbe()
    this.#rate = new BitrateWatch(this.#options.now(), { isSegmented: false })
  }

  /** Takes whole packets, and changes them. */
  push(packets: Buffer): void {
    this.#lastPushAt = this.#options.now()
    this.#rate.add(packets.length, this.#lastPushAt)
    this.#probe.push(packets)
    this.fanOut.push(this.#splicer.push(packets, this.#lastPushAt))
  }

  /** Ends the viewers; what was pushed still goes out. */
  close(): void {
    clearInterval(this.#fill)
    this.fanOut.close()
  }
}
