import type { Logger } from "@tributary/shared/log/log"
import type { Recipe } from "@tributary/shared/transcode/transcode-profile"
import type { FanOutShare } from "../fan-out/fan-out.ts"
import type { Subscriber } from "../fan-out/subscriber.ts"
import type { Hardware } from "../ffmpeg/hardware.ts"
import type { KeyframePlan } from "../ffmpeg/keyframe-expression.ts"
import type { SpawnFfmpeg } from "../ffmpeg/spawn-ffmpeg.ts"
import { type TranscodeSetting, transcodeArguments } from "../ffmpeg/transcode-arguments.ts"
import type { RestartReason } from "../metrics/stream-metrics.ts"
import { ticksBetween, ticksPerSecond } from "../mpegts/clock.ts"
import type { StreamFormat } from "../mpegts/stream-format.ts"
import type { PacketSource, Watching } from "../pool/live-stream.ts"
import { FfmpegRun, type RunEnd } from "./ffmpeg-run.ts"
import { firstPicture, firstPictureOf } from "./first-picture.ts"
import type { KeyframeGrid } from "./keyframe-grid.ts"
import { afterFailure, noFailures } from "./restart-policy.ts"
import { TranscodeOutput } from "./transcode-output.ts"
import type { TranscodeReport } from "./transcode-report.ts"
import { Watchings } from "./watchings.ts"

/** Why a transcode is over. `detail` tells how its recipe failed, with the end of what ffmpeg said. */
export type TranscodeEnd =
  | { reason: "idle" | "stream-closed" | "yielded" | "stopped" | "shutdown" }
  | { reason: "failed"; detail: string }

/** What feeds a transcode: a live stream. */
export interface TranscodeFeed extends PacketSource {
  readonly key: string
  readonly channel: string
  report(): { format: StreamFormat | null }
}

export interface TranscodeOptions {
  id: string
  live: TranscodeFeed
  recipe: Recipe
  hardware: Hardware | null
  /** Of all transcodes of the live stream. */
  grid: KeyframeGrid
  /** Packets of the live stream to begin with, up to now; null: it begins as any other subscriber does. */
  past: readonly Buffer[] | null
  spawn: SpawnFfmpeg
  share: FanOutShare
  maxBufferBytes: number
  graceMilliseconds: number
  /** A viewer waits so long for the first output. */
  patienceMilliseconds: number
  /** So long without output although there is input, ffmpeg counts as stuck. */
  stuckMilliseconds: number
  /** Viewers that it takes; 0: as many as come. */
  maxViewers: () => number
  onMoved: () => void
  /** An ffmpeg has ended, and another takes its place. */
  onRestarted?: (why: RestartReason) => void
  /** Unix milliseconds. */
  now: () => number
  /** Monotonic milliseconds. */
  monotonic: () => number
  logger: Logger
}

type State =
  /** Of this run nothing has come out yet. */
  | { kind: "starting"; run: FfmpegRun }
  | { kind: "running"; run: FfmpegRun }
  | { kind: "restarting"; timer: NodeJS.Timeout }
  | { kind: "closing"; end: TranscodeEnd }

const unknownFormat: StreamFormat = { video: null, audio: [] }

/** One ffmpeg fed by a live stream, and everyone who watches its output. A run that fails is followed by another. */
export class Transcode implements PacketSource {
  readonly id: string
  readonly live: TranscodeFeed
  readonly channel: string
  readonly startedAt: number
  /** Ids of the transcode profiles that it is asked for by. */
  readonly profiles = new Set<string>()
  /** Resolves with the first output, or when there will be none. */
  readonly ready: Promise<void>
  /** Resolves when no ffmpeg of it is left and the viewers are told. */
  readonly closed: Promise<TranscodeEnd>
  readonly #options: TranscodeOptions
  readonly #output: TranscodeOutput
  readonly #watchings: Watchings
  readonly #ready = Promise.withResolvers<void>()
  readonly #closed = Promise.withResolvers<TranscodeEnd>()
  #state: State
  #history = noFailures
  #runs = 0
  #sound: TranscodeSetting["sound"] = "expected"
  #lastFailure: string | null = null

  constructor(options: TranscodeOptions) {
    const { live, graceMilliseconds, patienceMilliseconds, monotonic } = options
    this.#options = options
    this.id = options.id
    this.live = live
    this.channel = live.channel
    this.startedAt = options.now()
    this.ready = this.#ready.promise
    this.closed = this.#closed.promise
    this.#output = new TranscodeOutput({ ...options, now: monotonic })
    this.#watchings = new Watchings(
      { graceMilliseconds, firstMilliseconds: graceMilliseconds + patienceMilliseconds },
      () => void this.close({ reason: "idle" }),
    )
    this.#state = { kind: "starting", run: this.#start("same") }
    void live.closed.then(() => this.close({ reason: "stream-closed" }))
  }

  get isOpen(): boolean {
    return this.#state.kind !== "closing"
  }

  get isFull(): boolean {
    const most = this.#options.maxViewers()
    return most > 0 && this.#watchings.all.size >= most
  }

  /** Everybody who watched has left: it may be ended for another. */
  get isLeft(): boolean {
    return this.#watchings.isLeft
  }

  get viewers(): ReadonlySet<Watching> {
    return this.#watchings.all
  }

  subscribe(subscriber: Subscriber): boolean {
    if (!this.isOpen) return false
    this.#output.fanOut.add(subscriber)
    return true
  }

  unsubscribe(subscriber: Subscriber): void {
    this.#output.fanOut.remove(subscriber)
  }

  /** Somebody watches from now on; false when it is closing, or full. */
  attend(watching: Watching): boolean {
    if (!this.isOpen || this.isFull) return false
    this.#watchings.add(watching)
    return true
  }

  leave(watching: Watching): void {
    this.#watchings.remove(watching)
  }

  report(): TranscodeReport {
    const { hardware } = this.#options
    return {
      ...{ id: this.id, channel: this.channel, live: this.live.key, profiles: [...this.profiles] },
      pid: "run" in this.#state ? this.#state.run.pid : null,
      state: this.#state.kind,
      isIdle: this.#watchings.all.size === 0,
      hardware: hardware?.kind ?? null,
      startedAt: this.startedAt,
      restarts: this.#runs - 1,
      bytesSent: this.#output.fanOut.bytesSent,
      bitsPerSecond: this.#output.bitsPerSecond,
      lastFailure: this.#lastFailure,
      format: this.#output.format,
      viewers: [...this.#watchings.all].map(({ bytesSent, moves }) => ({ bytesSent, moves })),
    }
  }

  /** Kills ffmpeg, then ends the viewers; the same promise for every caller, and the first one's reason. */
  close(end: TranscodeEnd): Promise<TranscodeEnd> {
    if (this.#state.kind === "closing") return this.closed
    const before = this.#state
    this.#state = { kind: "closing", end }
    if (before.kind === "restarting") clearTimeout(before.timer)
    this.#watchings.close()
    void this.#shutDown("run" in before ? before.run : null, end)
    return this.closed
  }

  async #shutDown(run: FfmpegRun | null, end: TranscodeEnd): Promise<void> {
    await run?.stop()
    this.#output.close()
    this.#options.logger.info("transcode closed", { ...this.#ids(), ...end })
    this.#ready.resolve()
    this.#closed.resolve(end)
  }

  /** `clock`: of what comes in, beside that of the run before. */
  #start(clock: "same" | "other"): FfmpegRun {
    const { live, recipe, spawn, monotonic, stuckMilliseconds } = this.#options
    // What hardware could not do once, software does.
    const hardware = this.#history.fruitless > 0 ? null : this.#options.hardware
    const input = live.report().format ?? unknownFormat
    const sound = this.#sound
    const past = this.#runs === 0 ? this.#options.past : null
    const keyframes = this.#planKeyframes(clock, past)
    const args = transcodeArguments(recipe, { hardware, input, sound, keyframes })
    this.#runs++
    const run: FfmpegRun = new FfmpegRun({
      ...{ live, past, args, sound, spawn, now: monotonic, stuckMilliseconds },
      onPackets: (packets) => this.#take(run, packets),
    })
    this.#output.begin(clock)
    // Its segments are to begin where those of the others do.
    if (past !== null && keyframes !== null && keyframes.phase > 0) this.#output.skipGroup()
    void run.ended.then((end) => this.#runEnded(run, end))
    this.#options.logger.info("ffmpeg started", {
      ...this.#ids(),
      pid: run.pid,
      run: this.#runs,
      hardware: hardware?.kind ?? null,
    })
    return run
  }

  #planKeyframes(clock: "same" | "other", past: readonly Buffer[] | null): KeyframePlan | null {
    const first90kHz = past === null ? firstPictureOf(this.live) : firstPicture(past)
    if (first90kHz === null) return null
    const next90kHz = clock === "same" ? this.#output.next90kHz : null
    const resume = next90kHz === null ? 0 : ticksBetween(first90kHz, next90kHz) / ticksPerSecond
    return { phase: this.#options.grid.phaseAt(first90kHz), resume: resume > 0 ? resume : null }
  }

  #take(run: FfmpegRun, packets: Buffer): void {
    if (this.#state.kind === "starting" && this.#state.run === run) {
      this.#state = { kind: "running", run }
      this.#ready.resolve()
    } else if (this.#state.kind !== "running" || this.#state.run !== run) return
    this.#output.push(packets)
  }

  #runEnded(run: FfmpegRun, end: RunEnd): void {
    if (!("run" in this.#state) || this.#state.run !== run || end.code === "stopped") return
    if (end.code !== "failed") {
      this.#sound = end.code === "input-silent" ? "absent" : "expected"
      this.#options.logger.info("ffmpeg is started anew", { ...this.#ids(), ...end })
      this.#options.onRestarted?.(end.code)
      const clock = end.code === "input-changed" ? end.clock : "same"
      this.#state = { kind: "starting", run: this.#start(clock) }
      return
    }
    this.#lastFailure = end.detail
    this.#options.logger.warn("ffmpeg failed", { ...this.#ids(), ...end })
    const { history, delayMilliseconds } = afterFailure(this.#history, end)
    this.#history = history
    if (delayMilliseconds === null) {
      void this.close({ reason: "failed", detail: end.stderr === "" ? end.detail : end.stderr })
      return
    }
    const timer = setTimeout(() => {
      this.#options.onRestarted?.("failed")
      this.#state = { kind: "starting", run: this.#start("same") }
    }, delayMilliseconds)
    this.#state = { kind: "restarting", timer }
  }

  #ids() {
    return { transcode: this.id, channel: this.channel, profiles: [...this.profiles] }
  }
}
