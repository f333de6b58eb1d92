export interface Login {
  username: string
  password: string
}

const usernameParameter = /^(?:username|user|login|u)$/i
const passwordParameter = /^(?:password|pass|pwd|p)$/i

/** The Xtream login in a list's address (`get.php?username=…&password=…`), or null. */
export function loginIn(address: string): Login | null {
  const parameters = URL.parse(address)?.searchParams
  const username = parameters?.get("username")
  const password = parameters?.get("password")
  return username && password ? { username, password } : null
}

/**
 * An address with one login in place of another, where both its username and its password stand in it: before
 * the host, as two folders, or in the query. All the rest stays as it was written.
 */
export function withLogin(address: string, from: Login, to: Login): string {
  if (from.username === to.username && from.password === to.password) return address
  const [, start = "", host = "", path = "", query = "", hash = ""] =
    /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(address) ?? []
  if (start === "") return address
  return start + inUserinfo(host, from, to) + inPath(path, from, to) + inQuery(query, from, to) + hash
}

function inUserinfo(host: string, from: Login, to: Login): string {
  const at = host.lastIndexOf("@")
  const colon = host.indexOf(":")
  const isLogin =
    decoded(host.slice(0, Math.max(0, colon))) === from.username &&
    decoded(host.slice(colon + 1, Math.max(0, at))) === from.password
  if (at < 0 || colon < 0 || colon > at || !isLogin) return host
  return `${encodeURIComponent(to.username)}:${encodeURIComponent(to.password)}${host.slice(at)}`
}

function inPath(path: string, from: Login, to: Login): string {
  const segments = path.split("/")
  const texts = segments.map(decoded)
  const at = texts.findIndex((text, index) => text === from.username && texts[index + 1] === from.password)
  if (at < 0) return path
  segments.splice(at, 2, encodeURIComponent(to.username), encodeURIComponent(to.password))
  return segments.join("/")
}

function inQuery(query: string, from: Login, to: Login): string {
  const parameters = query.split(/(?<=[?&])|(?=&)/)
  const find = (name: RegExp, value: string) =>
    parameters.findIndex((parameter) => {
      const [, key = "", text = ""] = /^([^=]*)=(.*)$/s.exec(parameter) ?? []
      return name.test(key) && (decoded(text.replaceAll("+", " ")) === value || decoded(text) === value)
    })
  const replace = (index: number, value: string) => {
    parameters[index] = `${parameters[index]?.split("=", 1)[0]}=${encodeURIComponent(value)}`
  }
  const username = find(usernameParameter, from.username)
  const password = find(passwordParameter, from.password)
  if (username < 0 || password < 0) return query
  replace(username, to.username)
  replace(password, to.password)
  return parameters.join("")
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
