/** Whose list it is: where addresses are relative to, and what in them is secret. */
export interface Provider {
  url: string
  /** null: an open list, whose addresses are no secret. */
  login: { username: string; password: string } | null
}

/**
 * The absolute address with the provider's own server and credentials replaced by `{server}`, `{username}`
 * and `{password}`: the streamer fills in those of the leased profile. What is not a URL stays as it is.
 */
export function urlTemplate(text: string, { url: base, login }: Provider): string {
  if (!URL.canParse(text, base)) return text
  const url = new URL(text, base)
  const server = new URL(base)
  if (login === null) return url.href
  const u = encodeURIComponent(login.username)
  const p = encodeURIComponent(login.password)
  const path = (url.pathname + url.search)
    .replace(`/${u}/${p}/`, "/{username}/{password}/")
    .replace(new RegExp(`([?&]username=)${escapePattern(u)}(?=&|$)`), "$1{username}")
    .replace(new RegExp(`([?&]password=)${escapePattern(p)}(?=&|$)`), "$1{password}")
  return (url.host === server.host ? "{server}" : url.origin) + path
}

/** Whether a text names the provider's server or holds its password. */
export function namesProvider(text: string, { url, login }: Provider): boolean {
  if (login === null) return false
  return text.includes(new URL(url).host) || text.includes(`/${login.username}/${login.password}`)
}

const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
