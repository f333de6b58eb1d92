import type { SourceConfig, ViewerConfig } from "../config/config-file.ts"
import type { TranscodeProfileConfig } from "../transcode/profile-config.ts"

/** Where a stored item came from: items of a file or variable go when that no longer names them. */
export type Origin = "file" | "environment" | "demo" | "api"

/** A provider profile as admission reads it; its credentials are in the source's sealed part. */
export interface ProfileRecord {
  id: string
  name: string
  primary: boolean
  /** null: no manual limit. */
  maxStreams: number | null
  /** Lowest first. */
  priority: number
  enabled: boolean
  /** It has a username and a password; a list without a login has a profile without one. */
  hasLogin: boolean
  /** Its account is on another server than the source's. */
  ownServer: boolean
  /** Made by the admin API: it stays when a configuration file does not name the source's profiles. */
  madeByApi?: true
}

export type SourceRecord = Omit<
  SourceConfig,
  "username" | "password" | "profiles" | "url" | "headers" | "maxStreams" | "epgUrl"
> & {
  origin: Origin
  profiles: ProfileRecord[]
  /** JWE of `SealedSource`. */
  sealed: string
}

/** What of a source is secret: addresses and logins. */
export interface SealedSource {
  url: string
  epgUrl?: string
  headers?: Record<string, string>
  /** Profile id -> login; a source without credentials has a profile without a login. */
  logins: Record<string, { url: string | null; username: string; password: string }>
}

export type ViewerRecord = Omit<ViewerConfig, "password" | "expiresAt"> & {
  origin: Origin
  /** HMAC of the password (`password-check.ts`). */
  check: string
  /** JWE of the password, so that the admin can be shown a ready playlist address. */
  sealedPassword: string
  /** Unix milliseconds. */
  expiresAt: number | null
}

/** A transcode profile as it was written: what ffmpeg is given is made of it, and checked, whenever it is read. */
export type TranscodeProfileRecord = TranscodeProfileConfig & { origin: Origin }

/**
 * What a panel says of its clock (Xtream `server_info`): it is asked for a channel's past in its own local time. One of
 * both is there.
 */
export interface PanelClock {
  /** A name of the IANA's, as the panel wrote it; it may be none. */
  timeZone?: string
  /** What its local time was ahead of UTC when it was asked. */
  offsetMinutes?: number
}

/** What a provider says of an account (Xtream `user_info`). */
export interface AccountReport {
  /** null: it did not say, or said 0. */
  maxConnections: number | null
  /** `active_cons`: what it counts, ours included; null: it did not say. */
  activeConnections: number | null
  status: "active" | "expired" | "banned" | "disabled" | "wrong_password" | "unknown"
  /** Unix milliseconds. */
  expiresAt: number | null
  /** Left out: it did not say. */
  clock?: PanelClock
}

/** What a provider last said of a profile, and what follows from it; written by `report.lua` only. */
export interface ProfileReport extends AccountReport {
  /** Connections that the provider counts and that we do not hold: they reduce the room. */
  elsewhere: number
  /** Redis milliseconds of the report; 0: there was none yet. */
  at: number
  /** Redis milliseconds until when the profile is not used, because the provider refused a connection. */
  refusedUntil: number
}

export interface StreamerLoad {
  /** To players, over the last seconds. */
  bitsPerSecondOut: number
  transcodes: number
  /** Playbacks of movies, episodes and catch-up, which only their end ends. */
  films: number
}

export interface StreamerRecord {
  /** Base URL that players are redirected to. */
  address: string
  /** Base URL for calls from the other tier. */
  internalAddress: string
  region: string
  viewers: number
  /** It is full with so many; null: it takes as many as come. */
  maxViewers: number | null
  streams: number
  draining: boolean
  version: string
  /** What it carries besides viewers and streams; left out by versions before this was said. */
  load?: StreamerLoad
  /** ARN of its ECS task; left out where it runs elsewhere. */
  task?: string
  /** Redis milliseconds of the last heartbeat; set by the script. */
  at: number
}

/**
 * Who watches a live stream: session -> [streamer, viewer ("" = none), arriveBy]. arriveBy is 0 when the streamer says
 * that they watch; else Redis milliseconds until when it has to: positive for who is on the way, negative for who came.
 */
export type Watchers = Record<string, [streamer: string, viewer: string, arriveBy: number]>

/** A live stream as the store knows it, by its key: the channel, or for what is not shared `channel~owner`. */
export interface LiveRecord {
  lease: string
  source: string
  profile: string
  feed: string
  /** Who holds the upstream connection; others may relay from it. */
  streamer: string
  /** Redis milliseconds since when nobody watches, or null. */
  idleSince: number | null
  /** The lease whose connection has to be closed before this one's is opened. */
  yielded: string | null
  /** The request that moved it to its connection, after a failure; left out while it is on its first one. */
  move?: string
  /** Sessions that ended for the one that opened it; left out when none did. */
  ended?: string[]
  /** The session that lost its stream to this one: its player's own retry does not take it back. */
  displaced: { address: string; channel: string; untilMs: number } | null
  watchers: Watchers
  /** Streamers with more viewers than are listed, and how many these are. */
  crowds: Record<string, number>
}

/** How a feed has been failing; forgotten when it opens again, or after a while. */
export interface FeedHealth {
  failures: number
  /** How often it has been blocked since it last opened. */
  blocks: number
  /** Redis milliseconds. */
  blockedUntil: number
}

export interface ImportStatus {
  phase: "waiting" | "fetching" | "grouping" | "rendering" | "uploading" | "publishing" | "done" | "failed"
  /** Unix milliseconds. */
  startedAt: number
  endedAt: number | null
  bytes: number
  /** Of a source: channels, movies, series; of a guide: programmes; of a publication: live channels. */
  entries: number
  /** Entries of the last good import, which stays in the playlist when a later one fails. */
  keptEntries: number
  error: { code: string; message: string } | null
  /** What could not be had although the job was done, in words. */
  problems?: string[]
}
