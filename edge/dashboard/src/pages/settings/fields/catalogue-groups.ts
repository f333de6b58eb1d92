import type { SettingGroup } from "./setting-kind.ts"

/** What is set of imports, playlists and logs. */
export const catalogueGroups: readonly SettingGroup[] = [
  {
    id: "imports",
    title: "Imports",
    fields: [
      {
        name: "importRefreshInterval",
        label: "Time between imports",
        explanation:
          "Each source, and the guides, are read again after this long. From 1 second to 365 days.",
        as: { kind: "duration" },
      },
      {
        name: "importMaxShrink",
        label: "Largest loss",
        explanation:
          "A list that lost more than this share of its entries is not taken until you say so on the page Imports. 0.5 is half; 1 takes every list.",
        as: { kind: "share" },
      },
      {
        name: "workerThreads",
        label: "Imports at once",
        explanation: "How many sources one streamer reads at the same time.",
        as: { kind: "count" },
      },
    ],
  },
  {
    id: "playlist",
    title: "Playlist and order",
    fields: [
      {
        name: "publicPlaylist",
        label: "Public playlist",
        explanation: "Playlists and streams need no login: whoever has the address may watch.",
        as: { kind: "flag" },
      },
      {
        name: "groupBy",
        label: "Feeds are one channel by",
        explanation: "Which feeds of your sources are the same channel.",
        as: {
          kind: "choice",
          options: [
            { value: "name", label: "Name", explanation: "Whatever its case and spaces." },
            {
              value: "tvg-id",
              label: "tvg-id",
              explanation: "The id for guides that the sources give them.",
            },
            {
              value: "quality",
              label: "Name without quality",
              explanation: "One HD and One FHD are feeds of one channel.",
            },
          ],
        },
      },
      {
        name: "sortField",
        label: "Channels are sorted by",
        explanation:
          "An attribute of the sources' lists: tvg-name, tvg-chno, group-title or another one. Channels without it are sorted by their name.",
        as: { kind: "suggestion", options: ["tvg-name", "tvg-chno", "group-title"] },
      },
      {
        name: "sortDirection",
        label: "Direction",
        explanation: "Of that order.",
        as: {
          kind: "choice",
          options: [
            { value: "asc", label: "Ascending", explanation: "A to Z, 1 to 9." },
            { value: "desc", label: "Descending", explanation: "Z to A, 9 to 1." },
          ],
        },
      },
      {
        name: "cacheEnabled",
        label: "Cache of playlists",
        explanation: "The edge keeps what it read, so that playlists come faster.",
        as: { kind: "flag" },
      },
      {
        name: "cacheDuration",
        label: "Time in the cache",
        explanation:
          "How long the edge keeps a piece of a playlist or a guide. A newer publication does not wait for it.",
        as: { kind: "duration" },
      },
    ],
  },
  {
    id: "logs",
    title: "Logs and privacy",
    fields: [
      {
        name: "obfuscateUrls",
        label: "Hide addresses in logs",
        explanation: "Addresses of providers, and what is in them, are left out of logs.",
        as: { kind: "flag" },
      },
      {
        name: "debug",
        label: "More log lines",
        explanation: "For who looks for a fault.",
        as: { kind: "flag" },
      },
    ],
  },
]
