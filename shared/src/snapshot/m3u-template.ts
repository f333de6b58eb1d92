/**
 * Playlists are stored as UTF-8 templates. Two control characters stand for what differs per viewer; values
 * are cleaned of control characters before, so a byte with these values is never anything else.
 */
export const placeholder = {
  /** Replaced by what precedes a channel id in a stream address: `https://host/stream/`. */
  addressStart: 0x01,
  /** Replaced by what follows it: `.ts?username=…&password=…`. */
  addressEnd: 0x02,
} as const

/** A stream address in a template. */
export function addressTemplate(channelId: string): string {
  return `\u0001${channelId}\u0002`
}
