const address = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>\\]+/gi
const hostAndPort =
  /(?:\b\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]|\b(?:[a-z0-9-]+\.)+[a-z]{2,})(?::\d{1,5})?\b/gi

/** A text without addresses: error messages of network libraries quote hosts, and URLs hold logins. */
export function redact(text: string): string {
  return text.replace(address, "[address]").replace(hostAndPort, "[address]")
}
