import type { StreamReport } from "../pool/stream-report.ts"
import type { PlaybackReport } from "../vod/playback.ts"

const startedAt = Date.UTC(2026, 0, 2, 3, 4, 5)

/** A viewer's connection, as `report` has them. */
export const viewer = (id: string, more: Partial<StreamReport["viewers"][number]> = {}) => ({
  session: `0123456789abcdef/101/${id}/1700000000000`,
  viewer: "ann",
  isRelay: false,
  joinedAt: startedAt + 1000,
  bytesSent: 1880,
  moves: 0,
  ...more,
})

/** A live stream of channel 101 with one viewer. */
export function reportOf(more: Partial<StreamReport> = {}): StreamReport {
  return {
    ...{ id: "101", channel: "101", lease: "lease-1", source: "acme", profile: "primary", feed: "feed-1" },
    ...{ transcode: null, relay: null, state: "live", isFailover: false, startedAt },
    ...{ bytesReceived: 18_800, bytesSent: 1880, bitsPerSecond: 8_000_000.4 },
    ...{ failovers: 0, lastFailure: null, format: null },
    viewers: [viewer("one")],
    ...more,
  }
}

/** A movie with one viewer, who reads it over one connection. */
export function playbackOf(more: Partial<PlaybackReport> = {}): PlaybackReport {
  return {
    ...reportOf({ id: "201~owner", channel: "201", lease: "lease-2", bitsPerSecond: 0 }),
    kind: "movie",
    ...more,
  }
}

/** A live stream that notes what is done to it. */
export class FakeStream {
  report: () => StreamReport
  readonly channel: string
  readonly closed: Promise<unknown>
  readonly done: string[] = []
  isClosing = false
  #close: () => void = () => undefined

  constructor(more: Partial<StreamReport> = {}) {
    const report = reportOf(more)
    this.channel = report.channel
    this.report = () => report
    this.closed = new Promise<void>((resolve) => {
      this.#close = resolve
    })
  }

  async close<T>(reason: T): Promise<T> {
    this.done.push(`close ${reason}`)
    this.#close()
    return reason
  }

  failOver(): boolean {
    this.done.push("failOver")
    return !this.isClosing
  }
}
