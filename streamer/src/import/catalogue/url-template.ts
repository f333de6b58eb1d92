/** Whose list it is: where addresses are relative to, and what in them is secret. */
export interface Provider {
  url: string
  /** null: an open list, whose addresses are no secret. */
  login: { username: string; password: string } | null
}

// Xtream's paths put one of these before the login; an account may be named like one.
const loginPath = /^(?:live|movie|series|timeshift)$/
const usernameParameter = /^(?:username|user|login|u)$/i
const passwordParameter = /^(?:password|pass|pwd|p)$/i
// A shorter one is too likely a word like others; it is known by what stands before it.
const tellingPasswordLength = 6

/**
 * The absolute address with the provider's own server and credentials replaced by `{server}`, `{username}`
 * and `{password}`: the streamer fills in those of the leased profile. null for what is not a URL.
 */
export function urlTemplate(text: string, { url: base, login }: Provider): string | null {
  if (!URL.canParse(text, base)) return null
  const url = new URL(text, base)
  if (login === null) return withoutPlaceholders(url.href)
  const path = templateOfPath(withoutPlaceholders(url.pathname), login)
  const query = templateOfQuery(withoutPlaceholders(url.search), login)
  if (url.host === "") return url.protocol + path + query
  const userinfo = templateOfUserinfo(url, login)
  // A login before the host is no part of `{server}`, so such an address keeps its own server.
  const isOwn = url.host === new URL(base).host && userinfo === ""
  return `${isOwn ? "{server}" : `${url.protocol}//${userinfo}${url.host}`}${path}${query}`
}

/** Whether a text names the provider's server, or holds the login of the account. */
export function namesProvider(text: string, { url, login }: Provider): boolean {
  if (login === null) return false
  if (namesHost(text, new URL(url).hostname)) return true
  // Only addresses hold logins; a channel's id or name may be the same word as a password.
  if (!/[/@=]/.test(text)) return false
  const words = text.split(/[/?&=:@#;,|\s]+/).flatMap((word) => [word, decoded(word)])
  const hasPassword = words.includes(login.password) || text.includes(login.password)
  if (!hasPassword) return false
  const { username, password } = login
  return (
    (words.includes(password) && password.length >= tellingPasswordLength) ||
    text.includes(`${username}/${password}`) ||
    text.includes(`${username}:${password}`) ||
    words.some(
      (word, at) =>
        (word === username && words.slice(at + 1, at + 4).includes(password)) ||
        (passwordParameter.test(word) && words.slice(at + 1, at + 4).includes(password)),
    )
  )
}

/** The host itself, not one whose name ends or begins with it. Ports do not matter: panels use several. */
function namesHost(text: string, hostname: string): boolean {
  const known = text.toLowerCase()
  for (let at = known.indexOf(hostname); at >= 0; at = known.indexOf(hostname, at + 1)) {
    const before = known[at - 1] ?? ""
    const after = known.slice(at + hostname.length)
    if (!/[a-z0-9.-]/.test(before) && !/^(?:[a-z0-9-]|\.[a-z0-9])/.test(after)) return true
  }
  return false
}

type Login = { username: string; password: string }

/** The first segments that are username and password, as they are after decoding. */
function templateOfPath(path: string, { username, password }: Login): string {
  const segments = path.split("/")
  const texts = segments.map(decoded)
  const from = loginPath.test(segments[1] ?? "") && segments.length > 4 ? 2 : 0
  const at = texts.findIndex(
    (text, index) => index >= from && text === username && texts[index + 1] === password,
  )
  return segments
    .map((segment, index) => {
      if (at >= 0 && index === at) return "{username}"
      if (at >= 0 && index === at + 1) return "{password}"
      return texts[index] === password && password.length >= tellingPasswordLength ? "{password}" : segment
    })
    .join("/")
}

function templateOfQuery(search: string, { username, password }: Login): string {
  const parameters = search.split("&").map((parameter) => {
    const [, name, text] = /^(\??[^=]*)=(.*)$/s.exec(parameter) ?? []
    if (name === undefined || text === undefined) return parameter
    const value = decoded(text.replaceAll("+", " "))
    const is = (secret: string) => value === secret || decoded(text) === secret
    const bare = name.replace("?", "")
    if (usernameParameter.test(bare) && is(username)) return `${name}={username}`
    if (is(password) && (passwordParameter.test(bare) || password.length >= tellingPasswordLength))
      return `${name}={password}`
    return parameter
  })
  return parameters.join("&")
}

function templateOfUserinfo(url: URL, { username, password }: Login): string {
  if (url.username === "" && url.password === "") return ""
  const isLogin = decoded(url.username) === username && decoded(url.password) === password
  return isLogin ? "{username}:{password}@" : `${url.username}${url.password && `:${url.password}`}@`
}

/** A list's own `{password}` is no placeholder of ours. */
function withoutPlaceholders(text: string): string {
  return text.replace(/\{(server|username|password)\}/g, "%7B$1%7D")
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
