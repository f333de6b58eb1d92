import type { RunScript } from "@tributary/shared/lease/scripts"
import { collectDefaultMetrics, Gauge, Registry } from "prom-client"
import { countEvents } from "./count-events.ts"
import { observeStore } from "./observe-store.ts"
import { countStreams, type StreamCounts } from "./stream-counts.ts"
import { streamGauges } from "./stream-gauges.ts"
import type { MeteredStream, StreamMetrics } from "./stream-metrics.ts"
import type { Traffic } from "./traffic.ts"

/** What is looked at when the metrics are read. */
export interface MetricsSight {
  streams: Iterable<MeteredStream>
  /** Every profile of every source. */
  profiles: readonly { source: string; profile: string }[]
  /** Since the last heartbeat that the store took; null before the first. */
  beatAgeSeconds: number | null
}

/** This streamer's metrics for Prometheus. */
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE
  /** For whoever works with streams and viewers to call. */
  readonly events: StreamMetrics
  readonly #registry = new Registry()
  readonly #traffic: Traffic
  readonly #setStreams: (counts: StreamCounts) => void
  readonly #beatAge: Gauge

  constructor() {
    const { events, traffic } = countEvents(this.#registry)
    this.events = events
    this.#traffic = traffic
    this.#setStreams = streamGauges(this.#registry)
    this.#beatAge = new Gauge({
      name: "tributary_heartbeat_age_seconds",
      help: "Since the last heartbeat that the store took.",
      registers: [this.#registry],
    })
  }

  /** Has this process measured too: processor, memory, event loop, garbage collection. Once in a process. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.#registry })
  }

  /** Has calls of the store's scripts measured. Once. */
  observeStore(run: RunScript): RunScript {
    return observeStore(this.#registry, run)
  }

  /** Everything in Prometheus' text format 0.0.4. */
  text({ streams, profiles, beatAgeSeconds }: MetricsSight): Promise<string> {
    const reports = [...streams].map((stream) => {
      const report = stream.report()
      this.#traffic.follow(stream, report)
      this.#traffic.settle(report)
      return report
    })
    this.#setStreams(countStreams(reports, profiles))
    if (beatAgeSeconds !== null) this.#beatAge.set(beatAgeSeconds)
    return this.#registry.metrics()
  }
}
