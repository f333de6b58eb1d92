import type { SourceConfig, ViewerConfig } from "../config/config-file.ts"

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

/** What a provider last said of a profile (Xtream `user_info`). */
export interface ProfileReport {
  /** null: it did not say, or said 0. */
  maxConnections: number | null
  status: "active" | "expired" | "banned" | "disabled" | "unknown"
  /** Unix milliseconds. */
  expiresAt: number | null
}

export interface StreamerRecord {
  /** Base URL that players are redirected to. */
  address: string
  /** Base URL for calls from the other tier. */
  internalAddress: string
  region: string
  viewers: number
  streams: number
  draining: boolean
  version: string
  /** Redis milliseconds of the last heartbeat; set by the script. */
  at: number
}

/** A live stream as the store knows it. */
export interface LiveRecord {
  lease: string
  source: string
  profile: string
  feed: string
  streamer: string
  /** Redis milliseconds since when nobody watches, or null. */
  idleSince: number | null
  yielded: string | null
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
