// Sent on as they are, these would break the request, or make it another one.
const notForEntries = new Set([
  ...["connection", "content-length", "expect", "host", "keep-alive", "range", "te", "trailer"],
  ...["transfer-encoding", "upgrade"],
])
const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
const headerValue = /^[\t\x20-\x7e\x80-\xff]+$/

/** `url|User-Agent=x&Referer=y`, as Kodi writes headers; a bar that no header follows is the address's. */
export function splitHeaders(address: string): { url: string; headers: Record<string, string> } {
  const bar = address.indexOf("|")
  if (bar < 0 || !/^(?:$|[^=&\s]+=)/.test(address.slice(bar + 1))) return { url: address, headers: {} }
  return { url: address.slice(0, bar).trim(), headers: headersOf(address.slice(bar + 1)) }
}

/** `http-user-agent=x` and `http-referrer=y` of `#EXTVLCOPT`. */
export function vlcHeader(option: string): Record<string, string> {
  const [, name, value] = /^http-(user-agent|referrer|origin|cookie)=(.+)$/i.exec(option.trim()) ?? []
  if (name === undefined || value === undefined) return {}
  return Object.fromEntries(sendable(/^referrer$/i.test(name) ? "referer" : name, value))
}

/** `inputstream.adaptive.stream_headers=User-Agent=x&Referer=y` of `#KODIPROP`; its other properties are Kodi's own. */
export function kodiHeaders(property: string): Record<string, string> {
  const [, pairs] =
    /^inputstream\.adaptive\.(?:stream|manifest|common)_headers=(.+)$/i.exec(property.trim()) ?? []
  return pairs === undefined ? {} : headersOf(pairs)
}

const headersOf = (pairs: string): Record<string, string> =>
  Object.fromEntries([...new URLSearchParams(pairs)].flatMap(([name, value]) => sendable(name, value)))

function sendable(name: string, value: string): [string, string][] {
  const known = name.trim().toLowerCase()
  const isSendable = headerName.test(known) && headerValue.test(value) && !notForEntries.has(known)
  return isSendable ? [[known, value]] : []
}
