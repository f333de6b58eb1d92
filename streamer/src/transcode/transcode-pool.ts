import type { Recipe } from "@tributary/shared/transcode/transcode-profile"
import type { Hardware } from "../ffmpeg/hardware.ts"
import { KeyframeGrid } from "./keyframe-grid.ts"
import { PastKeeper } from "./past-keeper.ts"
import { Transcode, type TranscodeFeed, type TranscodeOptions } from "./transcode.ts"
import { transcodeKey } from "./transcode-key.ts"

export interface TranscodePoolOptions
  extends Omit<
    TranscodeOptions,
    | "id"
    | "live"
    | "recipe"
    | "hardware"
    | "grid"
    | "past"
    | "maxBufferBytes"
    | "graceMilliseconds"
    | "maxViewers"
  > {
  /** Asked before the first transcode; null: software. */
  detectHardware: () => Promise<Hardware | null>
  /** Read whenever they are needed. */
  settings: () => TranscodeSettings
}

export interface TranscodeSettings {
  /** At once; 0: as many as are asked for. */
  maxTranscodes: number
  /** Of one transcode; 0: as many as come. */
  maxTranscodeViewers: number
  /** In seconds. */
  poolGrace: number
  /** In bytes. */
  bufferSizePerStream: number
}

export type TranscodeResult =
  /** It gives packets. */
  /** `how`: whether it was started for whoever asks, or was there. */
  | { ok: true; transcode: Transcode; how: "opened" | "joined" }
  | { ok: false; code: "no_capacity"; what: "transcodes" | "viewers" }
  /** `detail`: the end of what ffmpeg said, or in a sentence why nothing came. */
  | { ok: false; code: "transcode_failed"; detail: string }

/** From where on a transcode that is started gives the live stream: from its last seconds on, where they are kept. */
export type TranscodeFrom = "now" | "past"

type Joined = { ok: true; transcode: Transcode } | Extract<TranscodeResult, { ok: false }>

const pastShare = 1 / 2
const closing = { ok: false, code: "transcode_failed", detail: "the channel closed meanwhile" } as const

/** The transcodes of this streamer, one for each live stream and recipe. */
export class TranscodePool {
  readonly #options: TranscodePoolOptions
  /** Also those that are closing, until their ffmpeg is gone. */
  readonly #transcodes = new Map<string, Transcode>()
  readonly #grids = new WeakMap<TranscodeFeed, KeyframeGrid>()
  readonly #pasts: PastKeeper
  #isClosed = false

  constructor(options: TranscodePoolOptions) {
    this.#options = options
    this.#pasts = new PastKeeper(() => ({
      // What is given to ffmpeg at once must not make it one that is too slow.
      maxBytes: options.settings().bufferSizePerStream * pastShare,
      budget: options.share.budget,
      now: options.monotonic,
    }))
  }

  get transcodes(): ReadonlyMap<string, Transcode> {
    return this.#transcodes
  }

  /**
   * The transcode of `live` by this recipe: joined when it runs, else started; answers when it gives packets. Whoever
   * waits attends `live` meanwhile, whose grace may be shorter. With "past", others of the same live stream can begin
   * in the past from then on, too.
   */
  async obtain(
    live: TranscodeFeed,
    profile: { id: string; recipe: Recipe },
    from: TranscodeFrom = "now",
  ): Promise<TranscodeResult> {
    const hardware = await this.#options.detectHardware()
    const key = transcodeKey(live.key, profile.recipe)
    let how: "opened" | "joined" = "joined"
    for (;;) {
      if (this.#isClosed || !live.isOpen) return closing
      const known = this.#transcodes.get(key)
      if (known?.isOpen && known.live === live) {
        if (from === "past") this.#pasts.keepFor(known)
        const joined = await this.#join(known, profile.id)
        if (joined !== "gone") return joined.ok ? { ...joined, how } : joined
        continue
      }
      // Of a live stream that was there before, or of one that just closes.
      if (known !== undefined) {
        await known.close({ reason: "stream-closed" })
        continue
      }
      const room = this.#makeRoom()
      if (room === "full") return { ok: false, code: "no_capacity", what: "transcodes" }
      if (room === "free") {
        this.#start(key, live, { recipe: profile.recipe, hardware, from })
        how = "opened"
      } else await room
    }
  }

  /** Ends all transcodes; resolves when no ffmpeg is left. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#transcodes.values()].map((each) => each.close({ reason: "shutdown" })))
  }

  /** "gone": it was ended meanwhile, for lack of viewers. */
  async #join(transcode: Transcode, profile: string): Promise<Joined | "gone"> {
    transcode.profiles.add(profile)
    const { promise: late, resolve } = Promise.withResolvers<"late">()
    const timer = setTimeout(() => resolve("late"), this.#options.patienceMilliseconds)
    const how = await Promise.race([transcode.ready, late])
    clearTimeout(timer)
    if (how === "late") return { ok: false, code: "transcode_failed", detail: "ffmpeg gave nothing in time" }
    if (!transcode.isOpen) {
      const end = await transcode.closed
      return end.reason === "failed" ? { ok: false, code: "transcode_failed", detail: end.detail } : "gone"
    }
    if (transcode.isFull) return { ok: false, code: "no_capacity", what: "viewers" }
    return { ok: true, transcode }
  }

  /** Whether another may start. One that everybody has left gives way: then it resolves when that is gone. */
  #makeRoom(): "free" | "full" | Promise<unknown> {
    const { maxTranscodes } = this.#options.settings()
    if (maxTranscodes === 0 || this.#transcodes.size < maxTranscodes) return "free"
    const all = [...this.#transcodes.values()]
    const going = all.find(({ isOpen }) => !isOpen)
    if (going !== undefined) return going.closed
    return all.find(({ isLeft }) => isLeft)?.close({ reason: "yielded" }) ?? "full"
  }

  #start(
    id: string,
    live: TranscodeFeed,
    { recipe, hardware, from }: { recipe: Recipe; hardware: Hardware | null; from: TranscodeFrom },
  ): void {
    const { poolGrace, bufferSizePerStream } = this.#options.settings()
    const grid = this.#grids.get(live) ?? new KeyframeGrid()
    this.#grids.set(live, grid)
    const past = from === "past" ? (this.#pasts.of(live)?.opening() ?? null) : null
    const transcode = new Transcode({
      ...this.#options,
      ...{ id, live, recipe, hardware, grid, past },
      maxBufferBytes: bufferSizePerStream,
      graceMilliseconds: poolGrace * 1000,
      maxViewers: () => this.#options.settings().maxTranscodeViewers,
    })
    this.#transcodes.set(id, transcode)
    void transcode.closed.then(() => this.#transcodes.delete(id))
  }
}
