import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { ManagedReport } from "./managed-stream.ts"

/** The fields that streams can be looked for by. */
export const metadataFields = [
  "id",
  "type",
  "playlist_uuid",
  "transcoding",
  "profile_id",
  "provider_profile_id",
  "original_channel_id",
  "original_playlist_uuid",
  "is_failover",
  "channel_name",
  "feed_id",
] as const

export type MetadataField = (typeof metadataFields)[number]

/** m3u-proxy's metadata of a stream: all its values are texts. */
export type StreamMetadata = Record<MetadataField, string>

/** What a stream plays, and for which channel; "" for what is not known or does not apply. */
export function metadataOf(report: ManagedReport, channel: IndexedChannel | null): StreamMetadata {
  const first = channel?.feeds[0]?.source ?? ""
  return {
    id: report.channel,
    type: "kind" in report ? report.kind : "channel",
    playlist_uuid: report.source,
    transcoding: String(report.transcode !== null),
    profile_id: report.transcode ?? "",
    provider_profile_id: report.profile,
    original_channel_id: report.channel,
    original_playlist_uuid: report.isFailover ? first : report.source,
    is_failover: String(report.isFailover),
    channel_name: channel?.name ?? "",
    feed_id: report.feed,
  }
}

export function isMetadataField(text: string): text is MetadataField {
  return (metadataFields as readonly string[]).includes(text)
}
