import type { TranscodeRun } from "@tributary/shared/admin-api/transcode-profiles"
import { redact } from "@tributary/shared/log/redact"
import type { Recipe } from "@tributary/shared/transcode/transcode-profile"
import type { Hardware } from "../ffmpeg/hardware.ts"
import { makeTestPicture, type TestPicture } from "./test-picture.ts"
import { runTrial, type TrialOptions } from "./transcode-trial.ts"

export interface TranscodeTesterOptions extends TrialOptions {
  detectHardware: () => Promise<Hardware | null>
  /** For one ffmpeg; then it is killed. */
  runMilliseconds?: number
  /** For all of a test. */
  testMilliseconds?: number
}

export type TestResult =
  | { ok: true; runs: TranscodeRun[] }
  | { ok: false; code: "conflict" | "transcode_failed"; message: string }

const runMillisecondsByDefault = 15_000
const testMillisecondsByDefault = 45_000

/** Tries transcode profiles on a test picture, for one who asks at a time: ffmpeg takes what viewers need. */
export class TranscodeTester {
  readonly #options: TranscodeTesterOptions
  readonly #closing = new AbortController()
  #picture: TestPicture | null = null
  #running: Promise<TestResult> | null = null

  constructor(options: TranscodeTesterOptions) {
    this.#options = options
  }

  /** One run for each, one after the other. */
  async test(profiles: readonly { id: string; recipe: Recipe }[]): Promise<TestResult> {
    if (this.#running !== null || this.#closing.signal.aborted)
      return {
        ok: false,
        code: "conflict",
        message: "Another test runs on this streamer; try again in a moment.",
      }
    this.#running = this.#run(profiles)
    try {
      return await this.#running
    } finally {
      this.#running = null
    }
  }

  /** Kills what runs; resolves when it is gone. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #run(profiles: readonly { id: string; recipe: Recipe }[]): Promise<TestResult> {
    const { detectHardware, testMilliseconds = testMillisecondsByDefault } = this.#options
    const hardware = await detectHardware()
    const whole = AbortSignal.timeout(testMilliseconds)
    const made = await this.#obtainPicture(whole)
    if (!made.ok) {
      const message = `The test picture could not be made: ${redact(made.detail)}`
      return { ok: false, code: "transcode_failed", message }
    }
    const runs: TranscodeRun[] = []
    for (const { id: profile, recipe } of profiles) {
      const signal = this.#bounded(whole)
      runs.push(await runTrial(this.#options, { profile, recipe, hardware, picture: made.picture, signal }))
    }
    return { ok: true, runs }
  }

  /** Made once, and kept. */
  async #obtainPicture(whole: AbortSignal) {
    if (this.#picture !== null) return { ok: true, picture: this.#picture } as const
    const made = await makeTestPicture(this.#options.spawn, this.#bounded(whole))
    if (made.ok) this.#picture = made.picture
    return made
  }

  #bounded(whole: AbortSignal): AbortSignal {
    const { runMilliseconds = runMillisecondsByDefault } = this.#options
    return AbortSignal.any([this.#closing.signal, whole, AbortSignal.timeout(runMilliseconds)])
  }
}
