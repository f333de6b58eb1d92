import type { Stream } from "@tributary/shared/admin-api/streams"

/** A live stream of a test, with some of it as is wanted. */
export const streamWith = (more: Partial<Stream>): Stream => ({
  ...{ id: "7", streamer: "one", channel: "7", channelName: "News", kind: "live", state: "live" },
  ...{ source: "acme", sourceName: "Acme", profile: "primary", feed: "f1", feedPosition: 1, feeds: 3 },
  ...{ isFailover: false, viewers: 1, relays: 0, bitsPerSecond: 4_000_000, bytesIn: 1, bytesOut: 1 },
  ...{ startedAt: 0, failovers: 0, lastFailure: null, videoCodec: "h264", width: 1920, height: 1080 },
  framesPerSecond: 25,
  audio: [{ codec: "aac", channels: 2, sampleRate: 48_000, language: null }],
  ...{ transcodeProfile: null, relayOf: null },
  ...more,
})
