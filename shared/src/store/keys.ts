/**
 * Every Redis key and R2 object: owner, shape, lifetime. `id` fields never hold `/`.
 *
 * Config (written by the admin API and `npm start`, read by all; no expiry):
 * - `config:version` integer, raised by every change
 * - `config:settings` hash: setting -> JSON value, only those that differ from their default
 * - `config:settings-by-api` hash: setting -> "1", of those that no file or variable named when the admin API set them
 * - `config:sources` hash: source id -> JSON `SourceRecord`, credentials sealed
 * - `config:viewers` hash: username -> JSON `ViewerRecord`, password sealed
 * - `config:transcode-profiles` hash: transcode profile id -> JSON `TranscodeProfileRecord`; built-in ones only where
 *   they are replaced
 * - `config:edits` hash: channel id -> JSON `ChannelEdit`, what users changed of it
 * - `config:epg` JSON list of the guides that are configured on their own, in their order: {sealed (JWE of the address),
 *   origin}
 *
 * Admission (written only by the scripts in `lease/`; members expire by their score, Redis milliseconds):
 * - `source:{id}:leases` sorted set: `profile/channel/lease` -> expiry
 *   A member that expired stays for a while: a streamer that could not reach the store may take it up again
 * - `source:{id}:ended` sorted set: `profile/lease` -> when it was given back; providers count on for a while
 * - `source:{id}:reports` hash: profile id -> JSON `ProfileReport`, what the provider last said of it
 * - `viewer:{username}:sessions` sorted set: `address/channel/session/born` -> expiry
 * - `viewer:{username}:ended` sorted set: `address/channel/session` -> when the admin ended it (Redis milliseconds)
 * - `live` hash: channel id (or `channel~owner`) -> JSON `LiveRecord`
 * - `feed:{id}:health` string: JSON `FeedHealth` of a feed that fails; expires
 * - `feeds:failing` sorted set: `feed/channel/source` -> when it failed last (Redis milliseconds). The channel is the
 *   one that it was opened for. A member whose health is gone has been forgotten
 * - `streamers` hash: streamer id -> JSON `StreamerRecord`
 * - `streamers:to-drain` sorted set: streamer id -> Redis milliseconds since when the edge wants it to take nobody new
 *   and to leave when it is empty; written by the edge's cron, told by the streamer's next heartbeat
 * - `epoch` string, made when missing: tells streamers that Redis lost its data
 * - `recovering` string: "late" or "empty", for some seconds after the store was away or lost its data
 * - `profiles:due` sorted set: `source/profile` -> Redis milliseconds when its provider is to be asked
 *
 * Import (written by the importing streamer):
 * - `imports:due` sorted set: job (source id, `guide:{source}`, `guide:` for the configured guides, or `*` for
 *   publishing) -> Redis milliseconds when it is due, or when
 *   its claim ends; 0 = something changed, due at once
 * - `imports:running` hash: job -> token of the claim
 * - `imports:status` hash: job -> JSON `ImportStatus`
 * - `imports:accept` hash: source id -> "1" (written by the admin API): its list really shrank, so its next
 *   import skips the guard against that once and deletes the field
 *
 * Administration (written by the admin API):
 * - `audit` list: JSON `AuditEntry`, the newest first; the last thousand
 * - `token-tries:…` what `@upstash/ratelimit` counts tries of the admin token by; a minute
 *
 * Fleets (written by the edge, by the name of the fleet):
 * - `fleet:{name}` string: JSON `FleetMemory` (of the edge), what the last runs observed of its load; expires after a day
 * - `fleet:{name}:lock` string: token of the run that scales it; expires soon after the longest run
 * - `fleet:{name}:wish` string: somebody asked for a stream while no streamer ran; expires after some minutes
 *
 * Details (written by the streamer that fetched a series' details; 30 days):
 * - `episode:{id}` string: JSON `EpisodeRecord`, where the episode with our id is
 */
export const keys = {
  configVersion: "config:version",
  settings: "config:settings",
  settingsByApi: "config:settings-by-api",
  sources: "config:sources",
  viewers: "config:viewers",
  transcodeProfiles: "config:transcode-profiles",
  edits: "config:edits",
  epg: "config:epg",
  leases: (source: string) => `source:${source}:leases`,
  ended: (source: string) => `source:${source}:ended`,
  reports: (source: string) => `source:${source}:reports`,
  sessions: (username: string) => `viewer:${username}:sessions`,
  endedSessions: (username: string) => `viewer:${username}:ended`,
  live: "live",
  feedHealth: (feed: string) => `feed:${feed}:health`,
  feedsFailing: "feeds:failing",
  streamers: "streamers",
  streamersToDrain: "streamers:to-drain",
  epoch: "epoch",
  recovering: "recovering",
  profilesDue: "profiles:due",
  importsDue: "imports:due",
  importsRunning: "imports:running",
  importsStatus: "imports:status",
  episode: (id: string) => `episode:${id}`,
  importsAccept: "imports:accept",
  audit: "audit",
  fleet: (name: string) => `fleet:${name}`,
  fleetLock: (name: string) => `fleet:${name}:lock`,
  fleetWish: (name: string) => `fleet:${name}:wish`,
} as const

/** The member of `imports:due` that stands for publishing: grouping all catalogues into a new snapshot. */
export const publishJob = "*"

/** The job that imports the guides of a source; without one, those that are configured on their own. */
export const guideJob = (source: string | null) => `guide:${source ?? ""}`

/**
 * R2 objects. Written by streamers through the edge, read by both.
 * - `current.json`: the manifest of the current snapshot; the only object that changes
 * - `snapshots/{id}/…`: immutable; the two newest snapshots are kept
 * - `snapshots/{id}/manifest.json`: what is in the packs and where; `snapshots/{id}/packs/{n}`: the bytes
 * - `catalogue/{source}.json`: `StoredCatalogue`, what the source's last good import is made of; its parts
 *   `catalogue/{source}/{generation}/{n}` hold records (`record.ts` of the importer), each part a gzip stream
 * - `guides/{owner}.json`: `StoredGuides` (`snapshot/stored-guides.ts`), the guides that a source names, or (`_`) those that are configured on
 *   their own; their parts are `guides/{owner}/{generation}/{n}`, each a gzip stream
 * - `details/{kind}/{channel}.json`: details of a movie or series, fetched on demand and kept for a while
 */
export const objects = {
  current: "current.json",
  snapshotPrefix: (snapshot: string) => `snapshots/${snapshot}/`,
  manifest: (snapshot: string) => `snapshots/${snapshot}/manifest.json`,
  pack: (snapshot: string, number: number) => `snapshots/${snapshot}/packs/${number}`,
  catalogue: (source: string) => `catalogue/${source}.json`,
  catalogueParts: (source: string) => `catalogue/${source}/`,
  cataloguePart: (source: string, generation: string, part: number) =>
    `catalogue/${source}/${generation}/${part}`,
  guides: (source: string | null) => `guides/${source ?? "_"}.json`,
  guidePart: (source: string | null, generation: string, part: number) =>
    `guides/${source ?? "_"}/${generation}/${part}`,
  details: (kind: "movie" | "series", channel: string) => `details/${kind}/${channel}.json`,
} as const
