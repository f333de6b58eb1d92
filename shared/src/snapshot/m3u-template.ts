/**
 * Playlists, Xtream's lists and lineups are stored as UTF-8 templates. Control characters stand for what differs per
 * viewer; values are cleaned of control characters before, so a byte with these values is never anything else.
 */
export const placeholder = {
  /** Replaced by what precedes a channel id in a stream address: `https://host/stream/`. */
  addressStart: 0x01,
  /** Replaced by what follows a live channel's id: `.ts?username=…&password=…`. */
  addressEnd: 0x02,
  /** Replaced by what precedes a channel id in the address of a logo: `https://host/logo/`. */
  logoStart: 0x03,
  /** Replaced by what precedes a movie's id: `https://host/movie/{username}/{password}/`. */
  movieStart: 0x04,
  /** Replaced by what precedes an episode's id: `https://host/series/{username}/{password}/`. */
  episodeStart: 0x05,
  /** Replaced by what precedes a channel id in the address of its past. */
  pastStart: 0x06,
  /** Replaced by what follows it. */
  pastEnd: 0x07,
  /** Stands between an entry's attributes and the comma; replaced by nothing. */
  attributesEnd: 0x0e,
  /** Stands at the end of a live entry's first line; replaced by lines of properties, each after a line break. */
  liveProperties: 0x0f,
} as const

/** A stream address in a template. */
export function addressTemplate(channelId: string): string {
  return `\u0001${channelId}\u0002`
}

/** The address of a logo that is served by us. */
export function logoTemplate(channelId: string): string {
  return `\u0003${channelId}`
}

/** The address of a channel's past, with what players put there for the moment. */
export function pastTemplate(channelId: string): string {
  return `\u0006${channelId}\u0007`
}
