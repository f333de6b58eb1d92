import { FanOut, type FanOutShare } from "../fan-out/fan-out.ts"
import { nullPackets } from "../mpegts/null-packets.ts"
import { Splicer } from "../mpegts/splicer.ts"
import { FormatProbe, type StreamFormat } from "../mpegts/stream-format.ts"
import { BitrateWatch } from "../pool/bitrate-watch.ts"
import { GroupSkip } from "./group-skip.ts"
import { RunSeam } from "./run-seam.ts"
import { RunTimes } from "./run-times.ts"

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
const none = Buffer.alloc(0)

/**
 * What the viewers of a transcode get: one continuous transport stream, out of however many runs of ffmpeg. Its clock is
 * that of the first run, and of those after it as long as theirs is the same.
 */
export class TranscodeOutput {
  readonly fanOut: FanOut
  readonly #options: TranscodeOutputOptions
  readonly #splicer: Splicer
  readonly #fill: NodeJS.Timeout
  #times = new RunTimes()
  /** Between a run and the one before it; null when it has been found, and in the first one. */
  #seam: RunSeam | null = null
  #skip: GroupSkip | null = null
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

  /** When the picture is decoded with which another run would go on, in 90 kHz; null before there was any. */
  get next90kHz(): number | null {
    return this.#times.next90kHz
  }

  /** What is pushed from now on is another run's, on the clock of the one before or on another one. */
  begin(clock: "same" | "other"): void {
    this.#skip = null
    if (this.#times.programme !== null && clock === "same")
      this.#seam = new RunSeam(this.#times, this.#options.maxBufferBytes)
    else this.#beginAnew()
    this.#probe = new FormatProbe()
    this.#rate = new BitrateWatch(this.#options.now(), { isSegmented: false })
  }

  /** What comes before the second keyframe is not for viewers. */
  skipGroup(): void {
    this.#skip = new GroupSkip()
  }

  /** Takes whole packets, and changes them. */
  push(packets: Buffer): void {
    const now = this.#options.now()
    this.#rate.add(packets.length, now)
    this.#probe.push(packets)
    const next = this.#follow(packets)
    if (next.length === 0) return
    this.#lastPushAt = now
    this.#times.push(next)
    this.fanOut.push(this.#splicer.push(next, now))
  }

  /** What is new in a run's packets. */
  #follow(packets: Buffer): Buffer {
    if (this.#skip !== null) {
      const rest = this.#skip.push(packets)
      if (rest !== null) this.#skip = null
      return rest ?? none
    }
    if (this.#seam === null) return packets
    const seam = this.#seam.push(packets)
    if (seam.kind === "waiting") return none
    if (seam.kind === "other") this.#beginAnew()
    // The same stream with counters of its own.
    else this.#splicer.seam("segment")
    this.#seam = null
    return seam.packets
  }

  #beginAnew(): void {
    this.#splicer.seam("feed")
    this.#times = new RunTimes()
    this.#seam = null
  }

  /** Ends the viewers; what was pushed still goes out. */
  close(): void {
    clearInterval(this.#fill)
    this.fanOut.close()
  }
}
