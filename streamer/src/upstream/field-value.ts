/**
 * A header's value as it is sent: other letters than Latin ones as the bytes of their UTF-8, which receivers take as they
 * come (RFC 9110 5.5, obs-text). Node takes characters up to U+00FF only, each for one byte.
 */
export const fieldValue = (text: string): string =>
  /^[\x20-\xff]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1")
