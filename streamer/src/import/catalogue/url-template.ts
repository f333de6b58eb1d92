/** Whose list it is: where addresses are relative to, and what in them is secret. */
export interface Provider {
  url: string
  /** null: an open list, whose addresses are no secret. */
  login: { username: string; password: string } | null
}

// Xtream's paths put one of these before the login; an account may be named like one.
export const loginWords = ["live", "movie", "series", "timeshift"]
const usernameParameter = /^(?:username|user|login|u)$/i
const passwordParameter = /^(?:password|pass|pwd|p)$/i
// A shorter one is too likely a word like others; it is known by what stands before it.
const tellingPasswordLength = 6

/**
 * The absolute address with the provider's own server and credentials replaced by `{server}`, `{username}`
 * and `{password}`: the streamer fills in those of the leased profile. null for what is not a URL.
 */
export function urlTemplate(text: string, provider: Provider): string | null {
  const { url: base, login } = provider
  const url = URL.parse(text, base)
  if (url === null) return null
  if (login === null) return withoutPlaceholders(url.href)
  const path = templateOfPath(withoutPlaceholders(url.pathname), login)
  const query = templateOfQuery(withoutPlaceholders(url.search), login)
  if (url.host === "") return url.protocol + path + query
  const userinfo = templateOfUserinfo(url, login)
  // A login before the host is no part of `{server}`, so such an address keeps its own server.
  const isOwn = url.host === factsOf(provider).host && userinfo === ""
  return `${isOwn ? "{server}" : `${url.protocol}//${userinfo}${url.host}`}${path}${query}`
}

/** A template of what is appended to an address, or replaces a part of it: it needs no server of its own. */
export function suffixTemplate(text: string, { login }: Provider): string {
  const plain = withoutPlaceholders(text)
  if (login === null) return plain
  const queryStart = plain.search(/[?&]/)
  if (queryStart < 0) return templateOfPath(plain, login)
  return templateOfPath(plain.slice(0, queryStart), login) + templateOfQuery(plain.slice(queryStart), login)
}

/** Whether a text names the provider's server, or holds the login of the account or a key of the list. */
export function namesProvider(text: string, provider: Provider): boolean {
  const { hostname, keys } = factsOf(provider)
  if (keys.some((key) => text.includes(key) || decoded(text).includes(key))) return true
  const { login } = provider
  if (login === null) return false
  if (namesHost(text, hostname)) return true
  // Only addresses hold logins; a channel's id or name may be the same word as a password.
  if (!(text.includes(login.password) || text.includes("%")) || !/[/@=]/.test(text)) return false
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

/**
 * Texts of which one stands, in any case of ASCII letters, in whatever `namesProvider` is true of; none for a
 * provider that no text names.
 */
export function namingTexts(provider: Provider): string[] {
  const { hostname, keys } = factsOf(provider)
  const texts = provider.login === null ? keys : [hostname, provider.login.password, ...keys]
  // What is encoded may be any of them; the letters are those whose lower case is an ASCII letter.
  return texts.length === 0 ? [] : [...texts, "%", "\u0130", "\u212a"]
}

interface ProviderFacts {
  host: string
  hostname: string
  keys: string[]
}

const facts = new WeakMap<Provider, ProviderFacts>()

/** What the provider's address says, read once. */
function factsOf(provider: Provider): ProviderFacts {
  const known = facts.get(provider)
  if (known !== undefined) return known
  const url = new URL(provider.url)
  const read = { host: url.host, hostname: url.hostname, keys: keysIn(url) }
  facts.set(provider, read)
  return read
}

const keyParameter = /token|key|auth|hash|sig|secret|pass|pwd|code|user|login/i
const keyLength = 8
// A word of a path is hardly a key: lists in a folder of a public site have their logos there too.
const keySegment = /^(?=.*\d)(?=.*[a-z])[\w-]+$/i

/** What of a list's own address opens it: `?token=…`, `/get/USER/PASS/list.m3u`. */
function keysIn(url: URL): string[] {
  const parameters = [...url.searchParams]
    .filter(([name]) => keyParameter.test(name))
    .map(([, value]) => value)
  const segments = url.pathname.split("/").slice(0, -1).map(decoded)
  return [...parameters, ...segments.filter((segment) => keySegment.test(segment))].filter(
    (key) => key.length >= keyLength,
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

/** Whether an account's password is known wherever it stands, whatever stands before it. */
export const isTelling = (login: Login | null) =>
  login !== null && login.password.length >= tellingPasswordLength

/** The first segments that are username and password, as they are after decoding. */
function templateOfPath(path: string, { username, password }: Login): string {
  const segments = path.split("/")
  const texts = segments.map(decoded)
  const from = loginWords.includes(segments[1] ?? "") && segments.length > 4 ? 2 : 0
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
  if (!text.includes("{")) return text
  return text.replace(/\{(server|username|password)\}/g, "%7B$1%7D")
}

function decoded(text: string): string {
  if (!text.includes("%")) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
