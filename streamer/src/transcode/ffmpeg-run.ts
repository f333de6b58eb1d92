import { Frame } from "../fan-out/frame.ts"
import { FfmpegProcess } from "../ffmpeg/ffmpeg-process.ts"
import type { SpawnFfmpeg } from "../ffmpeg/spawn-ffmpeg.ts"
import type { TranscodeSetting } from "../ffmpeg/transcode-arguments.ts"
import { PacketAligner } from "../mpegts/packet-aligner.ts"
import type { PacketSource } from "../pool/live-stream.ts"
import { FfmpegInput } from "./ffmpeg-input.ts"
import { type InputChange, InputWatch } from "./input-watch.ts"
import type { RunRecord } from "./restart-policy.ts"

/** Why a run is over. */
export type RunEnd =
  /** What comes in is something that this ffmpeg cannot go on with: its streams, or its clock. */
  | ({ code: "input-changed" } & InputChange)
  /** The sound that this ffmpeg was told to take does not come. */
  | { code: "input-silent" }
  | { code: "stopped" }
  /** `detail` is a line, `stderr` the end of what ffmpeg said. */
  | ({ code: "failed"; detail: string; stderr: string } & RunRecord)

export interface FfmpegRunOptions {
  live: PacketSource
  /** What it is given first, up to now; null: what any other subscriber is. */
  past: readonly Buffer[] | null
  args: string[]
  /** Whether `args` take one. */
  sound: TranscodeSetting["sound"]
  spawn: SpawnFfmpeg
  /** Whole packets, which may be changed. */
  onPackets: (packets: Buffer) => void
  /** Monotonic milliseconds. */
  now: () => number
  /** So long without output although there is input, it counts as stuck. */
  stuckMilliseconds: number
}

type StopReason = Extract<RunEnd, { code: "input-changed" | "input-silent" | "stopped" }> | { code: "stuck" }

const lookMilliseconds = 250
// As long as a first byte may take. A sound that has not come with the picture by then is done without.
const silenceMilliseconds = 1_000
// Ended by somebody else; what crashes by itself has other signals.
const foreignSignals: ReadonlySet<NodeJS.Signals> = new Set(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"])

/** One ffmpeg from its start to its end, fed by a live stream from a keyframe on. */
export class FfmpegRun {
  readonly #options: FfmpegRunOptions
  readonly #process: FfmpegProcess
  readonly #input: FfmpegInput
  readonly #watch: InputWatch
  readonly #aligner = new PacketAligner()
  readonly #startedAt: number
  readonly #timer: NodeJS.Timeout
  #firstOutputAt: number | null = null
  #lastOutputAt = 0
  #lastInputAt = Number.NEGATIVE_INFINITY
  /** Since when it has input that nothing came out of. */
  #owingSince: number | null = null
  #stoppedFor: StopReason | null = null
  /** Resolves when the process is gone; it takes no packets any more then. */
  readonly ended: Promise<RunEnd>

  constructor(options: FfmpegRunOptions) {
    const { live, args, spawn, now, stuckMilliseconds } = options
    this.#options = options
    this.#watch = new InputWatch(options.sound)
    this.#startedAt = now()
    this.#process = new FfmpegProcess(spawn(args), 1, (chunk) => this.#take(chunk))
    this.#input = new FfmpegInput(this.#process.input(0), (packets) => this.#see(packets))
    this.#timer = setInterval(() => this.#look(), Math.min(lookMilliseconds, stuckMilliseconds / 4))
    this.ended = this.#end()
    if (options.past !== null) this.#input.start(options.past.map((packets) => new Frame([packets])))
    live.subscribe(this.#input)
  }

  get pid(): number | null {
    return this.#process.pid
  }

  /** How often it was too slow, and skipped to the newest keyframe. */
  get moves(): number {
    return this.#input.moves
  }

  /** Kills it; resolves when it is gone. */
  stop(): Promise<RunEnd> {
    this.#stop({ code: "stopped" })
    return this.ended
  }

  #stop(reason: StopReason): void {
    if (this.#stoppedFor !== null) return
    this.#stoppedFor = reason
    this.#release()
    void this.#process.stop()
  }

  #release(): void {
    clearInterval(this.#timer)
    this.#options.live.unsubscribe(this.#input)
  }

  /** Nothing comes out, as it was told to take a sound that has not come: some codecs fail then, some wait. */
  get #waitsForSound(): boolean {
    return this.#firstOutputAt === null && this.#watch.isSilent && this.#options.sound === "expected"
  }

  #see(packets: Buffer): void {
    this.#lastInputAt = this.#options.now()
    this.#owingSince ??= this.#lastInputAt
    const change = this.#watch.push(packets)
    if (change !== null) this.#stop({ code: "input-changed", ...change })
  }

  #take(chunk: Buffer): void {
    const packets = this.#aligner.push(chunk)
    if (packets.length === 0 || this.#stoppedFor !== null) return
    this.#lastOutputAt = this.#options.now()
    this.#firstOutputAt ??= this.#lastOutputAt
    this.#owingSince = null
    this.#options.onPackets(packets)
  }

  #look(): void {
    if (this.#owingSince === null) return
    const { now, stuckMilliseconds } = this.#options
    const owed = now() - this.#owingSince
    // A live stream that has nothing to give is no fault of ffmpeg, which holds some of what it gave.
    const isFed = now() - this.#lastInputAt < stuckMilliseconds / 2 || this.#input.backlogBytes > 0
    if (this.#waitsForSound && owed >= silenceMilliseconds) this.#stop({ code: "input-silent" })
    else if (isFed && owed >= stuckMilliseconds) this.#stop({ code: "stuck" })
  }

  async #end(): Promise<RunEnd> {
    const end = await this.#process.gone
    const reason = this.#stoppedFor
    if (reason === null) this.#release()
    if (reason !== null && reason.code !== "stuck") return reason
    if (end.code === "failed" && this.#waitsForSound) return { code: "input-silent" }
    const now = this.#options.now()
    const record = {
      ranMilliseconds: now - this.#startedAt,
      outputMilliseconds: this.#firstOutputAt === null ? null : this.#lastOutputAt - this.#firstOutputAt,
    }
    if (reason !== null)
      return { code: "failed", ...record, wasKilled: false, detail: "stuck: no output", stderr: "" }
    if (end.code !== "failed")
      return { code: "failed", ...record, wasKilled: false, detail: "it ended by itself", stderr: "" }
    const wasKilled = end.signal !== null && foreignSignals.has(end.signal)
    return { code: "failed", ...record, wasKilled, detail: end.detail, stderr: end.stderr }
  }
}
