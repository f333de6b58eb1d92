import type { PlaybackReport } from "../vod/playback.ts"
import type { Vod } from "../vod/vod.ts"
import type { ManagedStream } from "./managed-stream.ts"

/** Movies, episodes and channels' past as the streams API lists them. */
export class ManagedPlaybacks {
  readonly #vod: Pick<Vod, "reports" | "stop">
  /** Kept from one look to the next, since what is known of a playback's channel is kept with it. */
  #known: ReadonlyMap<string, ManagedPlayback> = new Map()

  constructor(vod: Pick<Vod, "reports" | "stop">) {
    this.#vod = vod
  }

  /** As they are now, by id. */
  look(): ReadonlyMap<string, ManagedStream> {
    const seen = this.#vod.reports().map((report): [string, ManagedPlayback] => {
      const known = this.#known.get(report.id) ?? new ManagedPlayback(this.#vod, report)
      known.seen = report
      return [report.id, known]
    })
    this.#known = new Map(seen)
    return this.#known
  }
}

class ManagedPlayback implements ManagedStream {
  readonly channel: string
  /** At the last look. */
  seen: PlaybackReport
  readonly #vod: Pick<Vod, "stop">

  constructor(vod: Pick<Vod, "stop">, report: PlaybackReport) {
    this.#vod = vod
    this.channel = report.channel
    this.seen = report
  }

  report(): PlaybackReport {
    return this.seen
  }

  async close(): Promise<void> {
    await this.#vod.stop(this.seen.id)
  }

  /** Never: it goes on with the file that it began with. */
  failOver(): boolean {
    return false
  }
}
