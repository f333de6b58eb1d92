// Over-redacting costs a word in a log, under-redacting a provider account: in doubt a text goes.

// Errors of the store quote whole commands. What is longer is cut, and repetitions are bounded.
const longest = 4096
const scheme = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"<>]+/gi
const rest = String.raw`(?::\d{1,5})?(?:[/?#][^\s"<>]*)?`
const userinfo = String.raw`(?:[^\s"<>/@]{1,128}@)?`
const ipv4 = new RegExp(String.raw`${userinfo}(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)${rest}`, "g")
const hextets = "[0-9a-f]{1,4}(?::[0-9a-f]{1,4})"
const ipv6Inner = `(?:${hextets}{7}|(?:${hextets}{0,6})?::(?:${hextets}{0,6})?)(?:%\\w+)?`
const ipv6 = new RegExp(
  String.raw`${userinfo}\[${ipv6Inner}\]${rest}|(?<![\w:])(?=[0-9a-f:]*[0-9a-f])${ipv6Inner}(?![\w:])`,
  "gi",
)
// Names of files are no hosts; none of these endings is a top-level domain.
const fileEnding =
  "(?:[cm]?[jt]sx?|json|ndjson|lua|m3u8?|xml|gz|gzip|log|txt|html?|php|toml|ya?ml|css|mp4|mkv|aof)"
const label = String.raw`[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,62})`
const topLevel = String.raw`(?:xn--[\p{L}\p{N}-]{1,59}|\p{Ll}{2,63}|\p{Lu}{2,63}|\p{Lo}{2,63})`
const domain = new RegExp(
  String.raw`${userinfo}(?<![\p{L}\p{N}_-])(?:${label}\.){1,20}(?!${fileEnding}(?![\p{L}\p{N}_-]|:\d))${topLevel}(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])${rest}`,
  "gu",
)
// A name without a dot counts only with a port, or where the system's resolver quotes it.
const bareHost = new RegExp(
  String.raw`${userinfo}(?<![\p{L}\p{N}_.:-])(?=[\p{L}\p{N}_-]*\p{L})${label}:\d{2,5}(?![\p{L}\p{N}_.:])(?:[/?#][^\s"<>]*)?`,
  "gu",
)
const resolved = /\b((?:getaddrinfo )?(?:ENOTFOUND|EAI_AGAIN|EAI_NONAME|ENODATA|ESERVFAIL) )[^\s"<>]+/g
const queryLogin = /\b(user(?:name)?|pass(?:word)?|token)=[^\s&"<>]+/gi
const pathLogin = /\/(live|movie|series|timeshift)\/[^\s/"<>]+\/[^\s"<>]+/gi

/**
 * A text without addresses and logins: error messages of network libraries quote hosts, and URLs hold
 * logins. What replaces them says that something was there.
 */
export function redact(text: string): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text
  return short
    .replace(scheme, "[address]")
    .replace(resolved, "$1[address]")
    .replace(ipv4, "[address]")
    .replace(ipv6, "[address]")
    .replace(domain, "[address]")
    .replace(bareHost, "[address]")
    .replace(queryLogin, "$1=[login]")
    .replace(pathLogin, "/$1/[login]")
}

const deepest = 8

/** `redact` for every text in a value: errors become their message, lists and objects are copied. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redact(value)
  if (value instanceof URL) return "[address]"
  if (value instanceof Error) return redact(String(value))
  if (typeof value !== "object" || value === null) return value
  if (depth === deepest) return "[…]"
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1))
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, depth + 1)]))
}
