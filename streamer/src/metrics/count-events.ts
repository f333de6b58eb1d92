import { Counter, Histogram, type Registry } from "prom-client"
import type { StreamMetrics } from "./stream-metrics.ts"
import { Traffic } from "./traffic.ts"

const startBuckets = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10]
const outageBuckets = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60]

/** Counters of what happens. Labels are ids of sources and codes, which both are few. */
export function countEvents(registry: Registry): { events: StreamMetrics; traffic: Traffic } {
  const registers = [registry]
  const bytes = new Counter({
    name: "iptv_proxy_bytes_transferred",
    help: "Bytes received from providers, relayed from other streamers, and sent to players and streamers; by source.",
    labelNames: ["direction", "source"],
    registers,
  })
  const playbackBytes = new Counter({
    name: "tributary_playback_bytes_total",
    help: "Those of these bytes that were of movies, episodes and channels' past, by which.",
    labelNames: ["direction", "kind"],
    registers,
  })
  const errors = new Counter({
    name: "iptv_proxy_stream_errors",
    help: "Upstreams that did not open, or ended, by the reason's code and source.",
    labelNames: ["code", "source"],
    registers,
  })
  const failovers = new Counter({
    name: "tributary_failovers_total",
    help: "Changes of a live stream to another connection, by the reason's code and the source that was left.",
    labelNames: ["code", "source"],
    registers,
  })
  const outages = new Histogram({
    name: "tributary_failover_seconds",
    help: "From the last picture of one connection to the first of the next.",
    buckets: outageBuckets,
    registers,
  })
  const joined = new Counter({
    name: "tributary_viewers_joined_total",
    help: "Connections of players and relaying streamers that began.",
    registers,
  })
  const left = new Counter({
    name: "tributary_viewers_left_total",
    help: "Connections of players and relaying streamers that ended, by how. took-nothing: they were dropped. refused: there was no transcode for them.",
    labelNames: ["how"],
    registers,
  })
  const moves = new Counter({
    name: "tributary_viewer_moves_total",
    help: "Slow viewers that were moved to the newest keyframe.",
    registers,
  })
  const starts = new Histogram({
    name: "tributary_first_keyframe_seconds",
    help: "From a player's request to its first keyframe. opened: the stream was opened for it; joined: it ran.",
    labelNames: ["how"],
    buckets: startBuckets,
    registers,
  })
  const firstBytes = new Histogram({
    name: "tributary_first_bytes_seconds",
    help: "From a player's request to its first bytes of a transcode, or its first segment. opened: it was made for it.",
    labelNames: ["output", "how"],
    buckets: startBuckets,
    registers,
  })
  const restarts = new Counter({
    name: "tributary_ffmpeg_restarts_total",
    help: "Times that a transcode's ffmpeg was started again, by why.",
    labelNames: ["why"],
    registers,
  })
  const filled = new Counter({
    name: "tributary_filler_seconds_total",
    help: "Time that live streams sent null packets or the slate in place of pictures.",
    labelNames: ["filler"],
    registers,
  })
  const traffic = new Traffic(({ direction, source, kind }, count) => {
    bytes.inc({ direction, source }, count)
    if (kind !== null) playbackBytes.inc({ direction, kind }, count)
  })
  const events: StreamMetrics = {
    streamOpened: (stream) => traffic.follow(stream),
    streamFailed: ({ key, source, code }) => {
      traffic.settleStream(key)
      errors.inc({ code, source })
    },
    failedOver: ({ source, code, milliseconds }) => {
      failovers.inc({ code: code ?? "manual", source })
      outages.observe(milliseconds / 1000)
    },
    viewerJoined: () => joined.inc(),
    viewerLeft: (how) => left.inc({ how }),
    viewerMoved: () => moves.inc(),
    firstKeyframe: (how, milliseconds) => starts.observe({ how }, milliseconds / 1000),
    firstBytes: ({ output, how }, milliseconds) => firstBytes.observe({ output, how }, milliseconds / 1000),
    ffmpegRestarted: (why) => restarts.inc({ why }),
    filled: (filler, milliseconds) => filled.inc({ filler }, milliseconds / 1000),
  }
  return { events, traffic }
}
