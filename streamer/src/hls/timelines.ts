import { Timeline } from "./timeline.ts"

/** Whose outputs have one clock: those made of one live stream in one way. */
export interface TimelineOf {
  /** Of the live streams that follow each other on the same address. */
  name: string
  /** The live stream itself: another one has another clock. */
  live: object
}

const mostRemembered = 10_000

/** The timelines of a streamer; one that follows another of its name goes on with its numbers. */
export class Timelines {
  readonly #known = new Map<string, { live: WeakRef<object>; timeline: Timeline }>()

  of({ name, live }: TimelineOf): Timeline {
    const known = this.#known.get(name)
    const isSame = known?.live.deref() === live
    const next = known === undefined ? 0 : known.timeline.discontinuity + 1
    const entry = known && isSame ? known : { live: new WeakRef(live), timeline: new Timeline(next) }
    // The one that was asked for last is forgotten last.
    this.#known.delete(name)
    this.#known.set(name, entry)
    const [oldest] = this.#known.keys()
    if (this.#known.size > mostRemembered && oldest !== undefined) this.#known.delete(oldest)
    return entry.timeline
  }
}
