import type { StreamReport } from "../pool/stream-report.ts"
import type { MeteredStream } from "./stream-metrics.ts"

/** "relayed": received from another streamer, which counts it as received from the provider. */
export type Direction = "received" | "relayed" | "sent"

interface Followed {
  stream: MeteredStream
  /** What of its totals is counted already. */
  received: number
  sent: number
  /** Whose the bytes since then are. */
  source: string
  direction: "received" | "relayed"
}

/** Turns the totals of live streams, which end with them and change their source, into counts that only grow. */
export class Traffic {
  readonly #count: (direction: Direction, source: string, bytes: number) => void
  readonly #followed = new Map<string, Followed>()

  constructor(count: (direction: Direction, source: string, bytes: number) => void) {
    this.#count = count
  }

  /** Counts a stream from its beginning until it is closed; one that is known already goes on as it is. */
  follow(stream: MeteredStream, report: StreamReport = stream.report()): void {
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
  settle(report: StreamReport): void {
    const followed = this.#followed.get(report.id)
    if (followed === undefined) return
    this.#add(followed.direction, followed.source, report.bytesReceived - followed.received)
    this.#add("sent", followed.source, report.bytesSent - followed.sent)
    followed.received = Math.max(followed.received, report.bytesReceived)
    followed.sent = Math.max(followed.sent, report.bytesSent)
    Object.assign(followed, originOf(report))
  }

  /** As `settle`, of the stream with this id, when there is one. */
  settleStream(id: string): void {
    const followed = this.#followed.get(id)
    if (followed !== undefined) this.settle(followed.stream.report())
  }

  #add(direction: Direction, source: string, bytes: number): void {
    if (bytes > 0) this.#count(direction, source, bytes)
  }
}

function originOf({ source, relay }: StreamReport): Pick<Followed, "source" | "direction"> {
  return { source, direction: relay === null ? "received" : "relayed" }
}
