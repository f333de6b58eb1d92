import { RecentPackets, type RecentPacketsOptions } from "./recent-packets.ts"
import type { Transcode, TranscodeFeed } from "./transcode.ts"

/** Keeps the last seconds of live streams, each as long as it has transcodes from which players may change to others. */
export class PastKeeper {
  readonly #options: () => RecentPacketsOptions
  readonly #pasts = new Map<TranscodeFeed, { packets: RecentPackets; users: Set<Transcode> }>()

  constructor(options: () => RecentPacketsOptions) {
    this.#options = options
  }

  /** What is kept of a live stream; null when nothing is. */
  of(live: TranscodeFeed): RecentPackets | null {
    return this.#pasts.get(live)?.packets ?? null
  }

  /** From now on, until this transcode and all others that need it are closed. */
  keepFor(transcode: Transcode): void {
    const { live } = transcode
    const past = this.#pasts.get(live) ?? this.#begin(live)
    if (past.users.has(transcode)) return
    past.users.add(transcode)
    void transcode.closed.then(() => {
      past.users.delete(transcode)
      if (past.users.size > 0) return
      live.unsubscribe(past.packets)
      past.packets.close()
      this.#pasts.delete(live)
    })
  }

  #begin(live: TranscodeFeed) {
    const past = { packets: new RecentPackets(this.#options()), users: new Set<Transcode>() }
    this.#pasts.set(live, past)
    live.subscribe(past.packets)
    return past
  }
}
