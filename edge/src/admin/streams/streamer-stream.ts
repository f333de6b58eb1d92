import {
  type Stream,
  type StreamViewer,
  streamAudioSchema,
  streamStates,
} from "@tributary/shared/admin-api/streams"
import * as z from "zod"

/** What the edge reads of a stream as a streamer's streams API has it. */
const entrySchema = z.object({
  stream_id: z.string(),
  client_count: z.number(),
  metadata: z.object({
    id: z.string(),
    type: z.enum(["channel", "movie", "episode", "catchup"]),
    playlist_uuid: z.string(),
    transcoding: z.enum(["true", "false"]),
    profile_id: z.string(),
    provider_profile_id: z.string(),
    is_failover: z.enum(["true", "false"]),
  }),
  total_bytes_served: z.number(),
  created_at: z.string(),
  state: z.enum(streamStates),
  channel_name: z.string().nullable(),
  viewers: z.number(),
  feed: z.string(),
  feed_position: z.number().nullish(),
  feed_count: z.number().nullish(),
  relay: z.string().nullable(),
  bitrate: z.number(),
  total_bytes_received: z.number(),
  failovers: z.number(),
  last_failure: z.string().nullable(),
  video: z
    .object({
      codec: z.string(),
      width: z.number().nullable(),
      height: z.number().nullable(),
      frames_per_second: z.number().nullable(),
    })
    .nullable(),
  audio: z.array(
    streamAudioSchema.omit({ sampleRate: true }).extend({ sample_rate: streamAudioSchema.shape.sampleRate }),
  ),
})

const clientSchema = z.object({
  client_id: z.string(),
  username: z.string().nullable(),
  is_relay: z.boolean(),
  first_seen: z.string(),
  bytes_served: z.number(),
  moves: z.number(),
})

export type StreamerEntry = z.output<typeof entrySchema>

/** A streamer's answer to `/internal/streams`. */
export const streamerListSchema = z.object({ streams: z.array(entrySchema) })

/** A streamer's answer to `/internal/streams/{id}`. */
export const streamerDetailSchema = z.object({ stream: entrySchema, clients: z.array(clientSchema) })

/** A stream as the admin API shows it; `sourceNames` by source id. */
export function streamOf(
  streamer: string,
  entry: StreamerEntry,
  sourceNames: ReadonlyMap<string, string | undefined>,
): Stream {
  const { metadata, video, relay } = entry
  const isTranscode = metadata.transcoding === "true"
  const played = metadata.type === "channel" ? "live" : metadata.type
  return {
    ...{ id: entry.stream_id, streamer, channel: metadata.id, channelName: entry.channel_name },
    ...{ kind: isTranscode ? "transcode" : played, state: entry.state },
    ...{ source: metadata.playlist_uuid, sourceName: sourceNames.get(metadata.playlist_uuid) ?? null },
    ...{ profile: metadata.provider_profile_id, feed: entry.feed },
    ...{ feedPosition: entry.feed_position ?? null, feeds: entry.feed_count ?? null },
    isFailover: metadata.is_failover === "true",
    ...{ viewers: entry.viewers, relays: entry.client_count - entry.viewers },
    ...{
      bitsPerSecond: entry.bitrate,
      bytesIn: entry.total_bytes_received,
      bytesOut: entry.total_bytes_served,
    },
    startedAt: Date.parse(entry.created_at),
    ...{ failovers: entry.failovers, lastFailure: entry.last_failure },
    ...{ videoCodec: video?.codec ?? null, width: video?.width ?? null, height: video?.height ?? null },
    framesPerSecond: video?.frames_per_second ?? null,
    audio: entry.audio.map(({ codec, channels, sample_rate: sampleRate, language }) => ({
      ...{ codec, channels, sampleRate, language },
    })),
    transcodeProfile: isTranscode ? metadata.profile_id : null,
    relayOf: relay,
  }
}

export function viewerOf(client: z.output<typeof clientSchema>): StreamViewer {
  const {
    client_id: session,
    username,
    first_seen,
    bytes_served: bytesOut,
    is_relay: isRelay,
    moves,
  } = client
  return { session, username, since: Date.parse(first_seen), bytesOut, isRelay, moves }
}
