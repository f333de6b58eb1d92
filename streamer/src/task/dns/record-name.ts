/** A label of a host name (RFC 1123 2.1): letters, digits and inner hyphens, at most 63 of them. */
export const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** A streamer's own host name under a domain; null where its id is no label, or the name too long (RFC 1035 2.3.4). */
export function recordName(streamer: string, domain: string): string | null {
  const name = `${streamer}.${domain}`
  return label.test(streamer) && name.length <= 253 ? name : null
}
