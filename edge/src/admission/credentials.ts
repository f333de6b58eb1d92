import type { HonoRequest } from "hono"

/** A viewer's login as a request gave it. */
export interface Credentials {
  username: string
  password: string
}

/** Reads `?username=&password=`, else HTTP Basic (RFC 7617); null when the request names nobody. */
export function credentialsOf(request: HonoRequest): Credentials | null {
  const { username, password } = request.query()
  if (username !== undefined && username !== "" && password !== undefined) return { username, password }
  const header = request.header("authorization")
  const encoded = /^Basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(header ?? "")?.[1]
  if (encoded === undefined) return null
  const text = decodeBasic(encoded)
  const colon = text?.indexOf(":") ?? -1
  return text === null || colon < 1
    ? null
    : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

function decodeBasic(encoded: string): string | null {
  try {
    const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"))
    return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)))
  } catch {
    return null
  }
}
