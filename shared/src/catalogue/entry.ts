/** Where a feed's stream is, without credentials: the streamer fills those of the leased profile. */
export type Locator =
  | { kind: "xtream"; streamId: string; extension: string }
  /** `{username}`, `{password}` and `{server}` stand for the profile's own. */
  | { kind: "url"; template: string }

/** One source's version of a channel, as the importer keeps it. */
export interface Entry {
  /** Display name, as the source wrote it. */
  name: string
  /** Attributes in the source's order, unknown ones included. */
  attributes: [name: string, value: string][]
  groups: string[]
  locator: Locator
  /** Headers the entry asks to be sent upstream (`#EXTVLCOPT`, `url|Header=value`). */
  headers?: Record<string, string>
  /** URL template of a logo on the provider's own server: it is served by us, at `/logo/{channel}`. */
  logo?: string
}

/** A feed in the index: an entry's way to its stream, and whose it is. */
export interface Feed {
  /** Stable across imports: a hash of source and locator. */
  id: string
  source: string
  locator: Locator
  headers?: Record<string, string>
}

/** What the index says of a channel: enough to admit a viewer and to open its stream. */
export interface IndexedChannel {
  name: string
  groups: string[]
  /** In failover order. */
  feeds: Feed[]
  /** A logo that only a streamer may fetch. */
  logo?: { source: string; template: string }
}
