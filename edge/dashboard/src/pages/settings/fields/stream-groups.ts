import type { SettingGroup } from "./setting-kind.ts"

/** What is set of streams. */
export const streamGroups: readonly SettingGroup[] = [
  {
    id: "playback",
    title: "Playback",
    fields: [
      {
        name: "streamMode",
        label: "Streams",
        explanation: "How many connections to providers viewers of one channel need.",
        as: {
          kind: "choice",
          options: [
            {
              value: "restream",
              label: "Shared",
              explanation: "All who watch a channel share one connection to the provider.",
            },
            {
              value: "direct",
              label: "One for each viewer",
              explanation:
                "Each session has a connection of its own, and counts against the provider's limit.",
            },
          ],
        },
      },
      {
        name: "poolGrace",
        label: "Grace of a stream",
        explanation:
          "A stream lives on this long after its last viewer, so that who comes back has a picture at once. Whoever needs its connection meanwhile gets it.",
        as: { kind: "duration" },
      },
      {
        name: "hlsVariant",
        label: "Variant of HLS feeds",
        explanation:
          "Of a feed that has several qualities: the highest, the lowest, or the best with at most this many bit/s, like 5000000.",
        as: { kind: "suggestion", options: ["highest", "lowest"] },
      },
    ],
  },
  {
    id: "failover",
    title: "Failover and retries",
    fields: [
      {
        name: "stallTimeout",
        label: "Stall",
        explanation: "A feed that brings nothing for this long has failed. At least 0.1 seconds.",
        as: { kind: "duration" },
      },
      {
        name: "maxRetries",
        label: "Attempts at a feed",
        explanation: "When it breaks off, as it opens or later, before the channel's next feed is taken.",
        as: { kind: "count" },
      },
      {
        name: "retryDelay",
        label: "Longest delay between attempts",
        explanation: "The first ones are shorter: the delay doubles each time.",
        as: { kind: "duration" },
      },
      {
        name: "maxFailuresBeforeBlock",
        label: "Failures before a feed is blocked",
        explanation: "After so many one after the other it is left alone for a while, longer each time.",
        as: { kind: "count" },
      },
    ],
  },
  {
    id: "providers",
    title: "Providers' view of us",
    fields: [
      {
        name: "userAgent",
        label: "User agent",
        explanation: "What providers see as our player. A source may have its own.",
        as: { kind: "text" },
      },
      {
        name: "reqOrigin",
        label: "Origin",
        explanation: "Sent to providers as the header Origin. Empty: not sent.",
        as: { kind: "text" },
      },
      {
        name: "reqReferrer",
        label: "Referrer",
        explanation: "Sent to providers as the header Referer. Empty: not sent.",
        as: { kind: "text" },
      },
    ],
  },
  {
    id: "buffers",
    title: "Buffers and transcodes",
    fields: [
      {
        name: "bufferSizePerStream",
        label: "Buffer of a stream",
        explanation:
          "What one stream may hold in memory, what waits for its slow viewers included. At least 0.25 MiB.",
        as: { kind: "size" },
      },
      {
        name: "maxBufferSize",
        label: "Buffers of a streamer",
        explanation: "What all of its streams may hold together. At least 1 MiB.",
        as: { kind: "size" },
      },
      {
        name: "maxTranscodes",
        label: "Transcodes of a streamer",
        explanation: "How many run at once. 0: as many as are asked for.",
        as: { kind: "count" },
      },
      {
        name: "maxTranscodeViewers",
        label: "Viewers of a transcode",
        explanation: "How many may watch one. 0: as many as come.",
        as: { kind: "count" },
      },
    ],
  },
]
