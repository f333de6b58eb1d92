import type { Stream } from "@tributary/shared/admin-api/streams"

/** A stream, and the transcodes that it feeds. */
export interface StreamGroup {
  stream: Stream
  transcodes: Stream[]
}

export const streamOrders = ["viewers", "bitrate", "name"] as const
export type StreamOrder = (typeof streamOrders)[number]

/** Each transcode under the live stream of its channel, on the same streamer; one whose stream is not told stands alone. */
export function groupStreams(streams: readonly Stream[]): StreamGroup[] {
  const groups: StreamGroup[] = streams
    .filter(({ kind }) => kind !== "transcode")
    .map((stream) => ({ stream, transcodes: [] }))
  for (const stream of streams.filter(({ kind }) => kind === "transcode")) {
    const feeding = groups.find(
      ({ stream: { kind, channel, streamer } }) =>
        kind === "live" && channel === stream.channel && streamer === stream.streamer,
    )
    if (feeding === undefined) groups.push({ stream, transcodes: [] })
    else feeding.transcodes.push(stream)
  }
  return groups
}

/** Those in which a text occurs: in a name or an id of the channel, the source, the streamer, or a transcode profile. */
export function matching(groups: readonly StreamGroup[], text: string): StreamGroup[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === "") return [...groups]
  return groups.filter(({ stream, transcodes }) =>
    [stream, ...transcodes].some((one) =>
      [one.channelName, one.channel, one.sourceName, one.source, one.streamer, one.transcodeProfile].some(
        (field) => field?.toLowerCase().includes(wanted) === true,
      ),
    ),
  )
}

/** The most first, or by name; those that are alike by name, so that they do not change places. */
export function inOrder(groups: readonly StreamGroup[], order: StreamOrder): StreamGroup[] {
  const byName = (one: StreamGroup, other: StreamGroup) =>
    titleOf(one.stream).localeCompare(titleOf(other.stream)) ||
    (one.stream.streamer < other.stream.streamer ? -1 : 1)
  const weight = {
    viewers: viewersOf,
    bitrate: ({ stream }: StreamGroup) => stream.bitsPerSecond,
    name: () => 0,
  }[order]
  return [...groups].sort((one, other) => weight(other) - weight(one) || byName(one, other))
}

/** All who watch it, in whatever quality. */
export const viewersOf = ({ stream, transcodes }: StreamGroup): number =>
  [stream, ...transcodes].reduce((sum, { viewers }) => sum + viewers, 0)

export const titleOf = ({ channel, channelName }: Pick<Stream, "channel" | "channelName">): string =>
  channelName ?? `Channel ${channel}`

/** The title, and what tells it from others of the channel: a transcode's profile, a relay's streamer. */
export function fullTitleOf(
  stream: Pick<Stream, "channel" | "channelName" | "transcodeProfile" | "relayOf" | "streamer">,
): string {
  const { transcodeProfile, relayOf, streamer } = stream
  const profile = transcodeProfile === null ? "" : ` as ${transcodeProfile}`
  return `${titleOf(stream)}${profile}${relayOf === null ? "" : ` on ${streamer}`}`
}
