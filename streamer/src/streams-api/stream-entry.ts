import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { StreamFormat } from "../mpegts/stream-format.ts"
import type { StreamReport, ViewerReport } from "../pool/stream-report.ts"
import type { ManagedReport } from "./managed-stream.ts"
import { metadataOf, type StreamMetadata } from "./metadata.ts"

// Whoever reads this must not learn a provider's address or login.
const redactedUrl = "[redacted]"

/** A stream in brief: what `by-metadata` lists of it. */
export interface StreamMatch {
  stream_id: string
  /** All connections, those of relaying streamers included. */
  client_count: number
  metadata: StreamMetadata
  is_active: boolean
  url: string
  /** m3u-proxy's words; "VOD" for whatever one viewer plays alone. */
  stream_type: "Live Continuous" | "VOD"
}

/** A stream: m3u-proxy's fields, then those that it does not have. */
export interface StreamEntry extends StreamMatch {
  total_bytes_served: number
  /** ISO 8601. */
  created_at: string
  state: StreamReport["state"]
  /** The channel's name; null while the catalogue does not answer. */
  channel_name: string | null
  /** Players; those of relaying streamers are counted there. */
  viewers: number
  feed: string
  /** Of the feed in the channel's failover order, from 1; null while the catalogue does not answer. */
  feed_position: number | null
  /** How many feeds the channel has. */
  feed_count: number | null
  /** The streamer that it is relayed from. */
  relay: string | null
  /** Bit/s received over the last seconds. */
  bitrate: number
  total_bytes_received: number
  failovers: number
  last_failure: string | null
  /** Of the picture; null while it is not known, or where there is none. */
  codec: string | null
  /** Width x height. */
  resolution: string | null
  video: {
    codec: string
    width: number | null
    height: number | null
    frames_per_second: number | null
  } | null
  audio: {
    codec: string
    channels: number | null
    sample_rate: number | null
    language: string | null
  }[]
}

/** One connection of a viewer. */
export interface ClientEntry {
  /** The session's id. */
  client_id: string
  stream_id: string
  username: string | null
  is_relay: boolean
  is_connected: true
  /** ISO 8601. */
  first_seen: string
  bytes_served: number
  /** How often it was too slow and moved to the newest keyframe. */
  moves: number
}

export function matchOf(report: ManagedReport, channel: IndexedChannel | null): StreamMatch {
  return {
    stream_id: report.id,
    client_count: report.viewers.length,
    metadata: metadataOf(report, channel),
    is_active: report.state !== "closing",
    url: redactedUrl,
    stream_type: "kind" in report ? "VOD" : "Live Continuous",
  }
}

export function entryOf(report: ManagedReport, channel: IndexedChannel | null): StreamEntry {
  const { video = null } = report.format ?? {}
  return {
    ...matchOf(report, channel),
    total_bytes_served: report.bytesSent,
    created_at: new Date(report.startedAt).toISOString(),
    state: report.state,
    channel_name: channel?.name ?? null,
    viewers: report.viewers.filter(({ isRelay }) => !isRelay).length,
    feed: report.feed,
    ...feedPlace(report, channel),
    relay: report.relay,
    bitrate: Math.round(report.bitsPerSecond),
    total_bytes_received: report.bytesReceived,
    failovers: report.failovers,
    last_failure: report.lastFailure,
    codec: video?.codec ?? null,
    resolution: resolutionOf(video),
    ...formatOf(report.format),
  }
}

function feedPlace(
  { feed }: ManagedReport,
  channel: IndexedChannel | null,
): Pick<StreamEntry, "feed_position" | "feed_count"> {
  const at = channel?.feeds.findIndex(({ id }) => id === feed) ?? -1
  return { feed_position: at < 0 ? null : at + 1, feed_count: channel?.feeds.length ?? null }
}

function resolutionOf(video: StreamFormat["video"]): string | null {
  const { width = null, height = null } = video ?? {}
  return width === null || height === null ? null : `${width}x${height}`
}

function formatOf(format: StreamFormat | null): Pick<StreamEntry, "video" | "audio"> {
  if (format === null) return { video: null, audio: [] }
  const { video, audio } = format
  return {
    video: video && {
      codec: video.codec,
      width: video.width,
      height: video.height,
      frames_per_second: video.framesPerSecond,
    },
    audio: audio.map(({ codec, channels, sampleRate, language }) => ({
      ...{ codec, channels, language },
      sample_rate: sampleRate,
    })),
  }
}

export function clientsOf({ id, viewers }: ManagedReport): ClientEntry[] {
  return viewers.map((viewer) => ({
    client_id: sessionId(viewer),
    stream_id: id,
    username: viewer.viewer,
    is_relay: viewer.isRelay,
    is_connected: true,
    first_seen: new Date(viewer.joinedAt).toISOString(),
    bytes_served: viewer.bytesSent,
    moves: viewer.moves,
  }))
}

/** Without the digest of the player's address. */
function sessionId({ session }: ViewerReport): string {
  return session.split("/")[2] ?? session
}
