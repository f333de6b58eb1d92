import type { RunScript } from "@tributary/shared/lease/scripts"
import { collectDefaultMetrics, Gauge, Registry } from "prom-client"
import type { PlaybackReport } from "../vod/playback.ts"
import { countEvents } from "./count-events.ts"
import { observeStore } from "./observe-store.ts"
import { countStreams, type StreamCounts } from "./stream-counts.ts"
import { streamGauges } from "./stream-gauges.ts"
import type { MeteredStream, StreamMetrics } from "./stream-metrics.ts"
import type { Traffic } from "./traffic.ts"
import { type MeteredTranscode, transcodeGauges } from "./transcode-gauges.ts"

/** What is looked at when the metrics are read. */
export interface MetricsSight {
  streams: Iterable<MeteredStream>
  playbacks: readonly PlaybackReport[]
  transcodes: Iterable<MeteredTranscode>
  /** Of viewers, one for each quality that they play. */
  hlsSessions: number
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
  readonly #setTranscodes: (transcodes: Iterable<MeteredTranscode>) => void
  readonly #hlsSessions: Gauge
  readonly #beatAge: Gauge

  constructor() {
    const { events, traffic } = countEvents(this.#registry)
    this.events = events
    this.#traffic = traffic
    this.#setStreams = streamGauges(this.#registry)
    this.#setTranscodes = transcodeGauges(this.#registry)
    this.#hlsSessions = new Gauge({
      name: "tributary_hls_sessions",
      help: "Playbacks by HLS of live streams and transcodes, one for each viewer and quality.",
      registers: [this.#registry],
    })
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
  text(sight: MetricsSight): Promise<string> {
    const { streams, playbacks, transcodes, hlsSessions, profiles, beatAgeSeconds } = sight
    const reports = [...streams].map((stream) => {
      const report = stream.report()
      this.#traffic.follow(stream, report)
      this.#traffic.settle(report)
      return report
    })
    for (const report of playbacks) this.#traffic.settle(report)
    this.#setStreams(countStreams(reports, playbacks, profiles))
    this.#setTranscodes(transcodes)
    this.#hlsSessions.set(hlsSessions)
    if (beatAgeSeconds !== null) this.#beatAge.set(beatAgeSeconds)
    return this.#registry.metrics()
  }
}
