/**
 * Every Redis key and R2 object: owner, shape, lifetime. `id` fields never hold `/`.
 *
 * Config (written by the admin API and `npm start`, read by all; no expiry):
 * - `config:version` integer, raised by every change
 * - `config:settings` hash: setting -> JSON value, only those that differ from their default
 * - `config:sources` hash: source id -> JSON `SourceRecord`, credentials sealed
 * - `config:viewers` hash: username -> JSON `ViewerRecord`, password sealed
 *
 * Admission (written only by the scripts in `lease/`; members expire by their score, Redis milliseconds):
 * - `source:{id}:leases` sorted set: `profile/channel/lease` -> expiry
 * - `source:{id}:reports` hash: profile id -> JSON `ProfileReport`, what the provider last said of it
 * - `viewer:{username}:sessions` sorted set: `address/channel/session/born` -> expiry
 * - `live` hash: channel id -> JSON `LiveRecord`
 * - `streamers` hash: streamer id -> JSON `StreamerRecord`
 * - `epoch` string, made when missing: tells streamers that Redis lost its data
 *
 * Import (written by the importing streamer):
 * - `imports:due` sorted set: source id, or `*` for publishing -> Redis milliseconds when it is due, or when
 *   its claim ends; 0 = something changed, due at once
 * - `imports:running` hash: source id -> token of the claim
 * - `imports:status` hash: source id -> JSON `ImportStatus`
 */
export const keys = {
  configVersion: "config:version",
  settings: "config:settings",
  sources: "config:sources",
  viewers: "config:viewers",
  leases: (source: string) => `source:${source}:leases`,
  reports: (source: string) => `source:${source}:reports`,
  sessions: (username: string) => `viewer:${username}:sessions`,
  live: "live",
  streamers: "streamers",
  epoch: "epoch",
  importsDue: "imports:due",
  importsRunning: "imports:running",
  importsStatus: "imports:status",
} as const

/** The member of `imports:due` that stands for publishing: grouping all catalogues into a new snapshot. */
export const publishJob = "*"

/**
 * R2 objects. Written by streamers through the edge, read by both.
 * - `current.json`: the manifest of the current snapshot; the only object that changes
 * - `snapshots/{id}/…`: immutable; the two newest snapshots are kept
 * - `catalogue/{source}.ndjson`: the entries of a source's last good import, a JSON line each
 */
export const objects = {
  current: "current.json",
  snapshotPrefix: (snapshot: string) => `snapshots/${snapshot}/`,
  playlist: (snapshot: string, groupSlug: string | null) =>
    groupSlug === null ? `snapshots/${snapshot}/m3u/all` : `snapshots/${snapshot}/m3u/groups/${groupSlug}`,
  liveStreams: (snapshot: string, groupSlug: string | null) =>
    groupSlug === null
      ? `snapshots/${snapshot}/xtream/live/all`
      : `snapshots/${snapshot}/xtream/live/groups/${groupSlug}`,
  indexShard: (snapshot: string, shard: number) => `snapshots/${snapshot}/index/${shard}.json`,
  catalogue: (source: string) => `catalogue/${source}.ndjson`,
} as const
