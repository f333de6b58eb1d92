import { errorResponse } from "@tributary/shared/http/errors"
import type { TranscodeProfile } from "@tributary/shared/transcode/transcode-profile"
import type { LiveStream, PacketSource, Watching } from "../pool/live-stream.ts"
import type { TranscodeFrom, TranscodePool } from "../transcode/transcode-pool.ts"

/** What viewers of a live stream take packets from: the stream itself, or a transcode of it. */
export interface LiveOutput {
  source: PacketSource
  /** One for all who get the same packets. */
  key: string
  /** Whether a transcode was made for whoever asks, or was there; null for the stream as it comes. */
  made: "opened" | "joined" | null
  /** They watch it too from now on, beside the live stream; false when there is no place. */
  attend(watching: Watching): boolean
  leave(watching: Watching): void
}

export type OutputResult = { ok: true; output: LiveOutput } | { ok: false; response: Response }

export interface LiveOutputsOptions {
  transcodes: Pick<TranscodePool, "obtain">
  /** As configured now; undefined when there is none of this id. */
  profile: (id: string) => Promise<TranscodeProfile | undefined>
}

/** Finds what a ticket's viewer is to be given of its live stream. */
export class LiveOutputs {
  readonly #options: LiveOutputsOptions

  constructor(options: LiveOutputsOptions) {
    this.#options = options
  }

  /** The stream as it comes. */
  plain(live: LiveStream): LiveOutput {
    // The live stream knows of them already.
    return { source: live, key: live.key, made: null, attend: () => true, leave: () => undefined }
  }

  /** The transcode of a profile: answers when it gives packets, or says why it does not. */
  async of(live: LiveStream, transcode: string | null, from: TranscodeFrom = "now"): Promise<OutputResult> {
    if (transcode === null) return { ok: true, output: this.plain(live) }
    const profile = await this.#options.profile(transcode).catch(() => null)
    if (profile === null) return refused("store_unavailable", "The store does not answer; try again soon.", 5)
    if (profile === undefined)
      return refused("unknown_profile", `There is no transcode profile "${transcode}" any more.`)
    if ("variants" in profile)
      return refused("unsupported_output", `"${transcode}" is several qualities: ask for .m3u8 instead.`)
    const made = await this.#options.transcodes.obtain(live, profile, from)
    if (made.ok) {
      const { transcode: source, how } = made
      const attend = (watching: Watching) => source.attend(watching)
      const leave = (watching: Watching) => source.leave(watching)
      return { ok: true, output: { source, key: source.id, made: how, attend, leave } }
    }
    if (made.code === "transcode_failed")
      return refused("transcode_failed", `"${transcode}" could not be made: ${made.detail}`, 5)
    if (made.what === "viewers") return { ok: false, response: fullOfViewers() }
    return refused("no_capacity", "As many transcodes run here as may.", 10)
  }
}

/** The answer to one viewer more than a transcode takes. */
export const fullOfViewers = () =>
  errorResponse("no_capacity", "This transcode has as many viewers as it may.", 10)

const refused = (...error: Parameters<typeof errorResponse>): OutputResult => ({
  ok: false,
  response: errorResponse(...error),
})
