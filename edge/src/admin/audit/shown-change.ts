const mostCharacters = 2_000
const mostItems = 20
const mostDepth = 8

// Whoever reads the list later may know less than who made the change.
const secretKeys = new Set(["password", "username", "url", "epgUrl", "headers", "token"])

/** A body as the audit list keeps it: secrets are `•••`, long lists say how long they were; null when there is none. */
export function shownChange(body: string): unknown {
  if (body === "") return null
  const shown = withoutSecrets(parsed(body))
  const text = JSON.stringify(shown)
  return text.length <= mostCharacters ? shown : `${text.slice(0, mostCharacters)}…`
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function withoutSecrets(value: unknown, key = "", depth = 0): unknown {
  if (depth > mostDepth) return "…"
  if (secretKeys.has(key) && value !== null) return "•••"
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => withoutSecrets(item, "", depth + 1))
    return value.length > mostItems ? [...items, `… ${value.length} in all`] : items
  }
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutSecrets(item, name, depth + 1)]),
  )
}
