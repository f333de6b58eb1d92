import { timingSafeEqual } from "node:crypto"
import type { IncomingMessage } from "node:http"

/** Makes the test of a request's token: `Authorization: Bearer TOKEN` or `?_token=TOKEN`. */
export function tokenCheck(token: string): (incoming: IncomingMessage) => boolean {
  const expected = Buffer.from(token)
  const matches = (candidate: string) => {
    const bytes = Buffer.from(candidate)
    return bytes.length === expected.length && timingSafeEqual(bytes, expected)
  }
  return (incoming) => {
    const { authorization } = incoming.headers
    if (authorization !== undefined) return /^bearer /i.test(authorization) && matches(authorization.slice(7))
    const target = incoming.url ?? ""
    const queryStart = target.indexOf("?")
    if (queryStart === -1) return false
    return matches(new URLSearchParams(target.slice(queryStart + 1)).get("_token") ?? "")
  }
}
