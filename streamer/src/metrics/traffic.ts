import type { StreamReport } from "../pool/stream-report.ts"
import type { PlaybackKind, PlaybackReport } from "../vod/playback.ts"
import type { MeteredStream } from "./stream-metrics.ts"

/** "relayed": received from another streamer, which counts it as received from the provider. */
export type Direction = "received" | "relayed" | "sent"

/** What bytes are counted as; `kind` is null for those of live streams. */
export interface TrafficClass {
  direction: Direction
  source: string
  kind: PlaybackKind | null
}

type CountTraffic = (of: TrafficClass, bytes: number) => void

interface Followed {
  stream: MeteredStream
  /** What of its totals is counted already. */
  received: number
  sent: number
  /** Whose the bytes since then are. */
  source: string
  direction: "received" | "relayed"
  kind: PlaybackKind | null
}

/**
 * Turns the totals of live streams and playbacks, which end with them and change their source, into counts that only
 * grow.
 */
export class Traffic {
  readonly #count: CountTraffic
  readonly #followed = new Map<string, Followed>()

  constructor(count: CountTraffic) {
    this.#count = count
  }

  /** Counts a stream from its beginning until it is closed; one that is known already goes on as it is. */
  follow(stream: MeteredStream, report = stream.report()): void {
    const known = this.#followed.get(report.id)
    if (known?.stream === stream) return
    if (known !== undefined) this.settle(known.stream.report())
    const followed: Followed = { stream, received: 0, sent: 0, ...originOf(report) }
    this.#followed.set(report.id, followed)
    const end = () => {
      if (this.#followed.get(report.id) !== followed) return
      this.settle(stream.report())
      this.#followed.delete(report.id)
    }
    stream.closed.then(end, end)
  }

  /** Counts what a stream carried since the last time. */
  settle(report: StreamReport | PlaybackReport): void {
    const followed = this.#followed.get(report.id)
    if (followed === undefined) return
    const { direction, source, kind } = followed
    this.#add({ direction, source, kind }, report.bytesReceived - followed.received)
    this.#add({ direction: "sent", source, kind }, report.bytesSent - followed.sent)
    followed.received = Math.max(followed.received, report.bytesReceived)
    followed.sent = Math.max(followed.sent, report.bytesSent)
    Object.assign(followed, originOf(report))
  }

  /** As `settle`, of the stream with this id, when there is one. */
  settleStream(id: string): void {
    const followed = this.#followed.get(id)
    if (followed !== undefined) this.settle(followed.stream.report())
  }

  #add(of: TrafficClass, bytes: number): void {
    if (bytes > 0) this.#count(of, bytes)
  }
}

function originOf(report: StreamReport | PlaybackReport): Pick<Followed, "source" | "direction" | "kind"> {
  const { source, relay } = report
  const kind = "kind" in report ? report.kind : null
  return { source, direction: relay === null ? "received" : "relayed", kind }
}
