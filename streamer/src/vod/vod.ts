import type { Ticket } from "@tributary/shared/ticket"
import type { Film } from "./film.ts"
import { openFilm } from "./open-film.ts"
import { type OpenPast, PastPlayer, type PastTime } from "./past-player.ts"
import type { PlaybackCloseReason, PlaybackReport } from "./playback.ts"
import { type ObtainedPlayback, PlaybackPool, type PlaybackPoolOptions } from "./playback-pool.ts"
import type { FileVersion } from "./range/file-version.ts"
import type { RequestedRange } from "./range/requested-range.ts"

export interface VodOptions extends Omit<PlaybackPoolOptions, "closeLease"> {
  /** Closes what else runs here on a lease, as live streams do; resolves when its connection is gone. */
  closeLease: (lease: string) => Promise<void>
  openPast: OpenPast
  /** Monotonic milliseconds. */
  monotonic: () => number
  random: () => number
}

/** Who asks: whether the ticket is so new that the store knows its session, and when they have gone. */
export interface Asking {
  isFresh: boolean
  left: AbortSignal
}

/** What this streamer plays for one viewer each: movies, episodes, and channels' past. */
export class Vod {
  readonly #options: VodOptions
  readonly #films: PlaybackPool<Film>
  readonly #pasts: PlaybackPool<PastPlayer>

  constructor(options: VodOptions) {
    this.#options = options
    const closeLease = async (lease: string) => {
      await Promise.all([this.closeLease(lease, "yielded"), options.closeLease(lease)])
    }
    this.#films = new PlaybackPool({ ...options, closeLease })
    this.#pasts = new PlaybackPool({ ...options, closeLease })
  }

  /** Connections of viewers. */
  get viewers(): number {
    return this.#films.viewers + this.#pasts.viewers
  }

  /** Playbacks, those in their linger included. */
  get size(): number {
    return this.#films.playbacks.size + this.#pasts.playbacks.size
  }

  /** The file that plays under a key; null while that is not known. */
  version(key: string): FileVersion | null {
    return this.#films.running(key)?.content.version ?? null
  }

  /** The playback of a movie or episode; `wanted` is what of it is asked for at first. */
  film(ticket: Ticket, asking: Asking, wanted: RequestedRange): Promise<ObtainedPlayback<Film>> {
    const { closed, metrics, monotonic: now, random } = this.#options
    return this.#films.obtain(ticket, {
      ...asking,
      open: (target, signal) => {
        const { id: source } = target.source.record
        const onFailure = ({ code }: { code: Parameters<typeof metrics.streamFailed>[0]["code"] }) =>
          metrics.streamFailed({ key: ticket.key, source, code })
        return openFilm({ closed, onFailure, now, random }, target, wanted, signal)
      },
    })
  }

  /** The playback of a channel's past. */
  past(ticket: Ticket, asking: Asking, time: PastTime): Promise<ObtainedPlayback<PastPlayer>> {
    const open = (target: Parameters<typeof PastPlayer.open>[1], signal: AbortSignal) =>
      PastPlayer.open(this.#options, target, time, signal)
    return this.#pasts.obtain(ticket, { ...asking, open })
  }

  reports(): PlaybackReport[] {
    return [...this.#films.reports(), ...this.#pasts.reports()]
  }

  /** Ends a playback by the id of its report; false when there is none. */
  async stop(id: string): Promise<boolean> {
    const running = this.#films.running(id) ?? this.#pasts.running(id)
    await running?.close("stopped")
    return running !== null
  }

  /** Closes what runs, or is being opened, on a lease; resolves when its connection is gone. */
  async closeLease(lease: string, reason: PlaybackCloseReason): Promise<void> {
    await Promise.all([this.#films.closeLease(lease, reason), this.#pasts.closeLease(lease, reason)])
  }

  /** Closes all; resolves when their slots are given back. */
  async close(): Promise<void> {
    await Promise.all([this.#films.close(), this.#pasts.close()])
  }
}
