import { type Login, loginIn, withLogin } from "../config/list-login.ts"
import { primaryProfileId } from "../config/source-config.ts"
import type { OpenSource } from "./source-record.ts"

/** What is to change of a source's own address and login. */
export interface SourceLogin {
  url?: string | null | undefined
  username?: string | undefined
  password?: string | undefined
}

/** A list's address that holds its login follows the login, and the login follows such an address. */
export function withSourceLogin(
  { record, secret }: OpenSource,
  patch: SourceLogin,
): OpenSource | { message: string } {
  if (patch.url === null)
    return { message: "url: must be an http:// or https:// URL, being the source's own" }
  if (patch.url === undefined && patch.username === undefined && patch.password === undefined)
    return { record, secret }
  const url = patch.url ?? secret.url
  const stored = secret.logins[primaryProfileId] ?? null
  const inAddress = record.type === "m3u" ? loginIn(url) : null
  const known = patch.url === undefined ? (stored ?? inAddress) : (inAddress ?? stored)
  const { username = known?.username, password = known?.password } = patch
  if (username === undefined && password === undefined) return { record, secret: { ...secret, url } }
  if (username === undefined || password === undefined) {
    const missing = username === undefined ? "username" : "password"
    return { message: `${missing}: is missing: a login is a username and a password` }
  }
  const following = (address: string, from: Login | null) =>
    from === null ? address : withLogin(address, from, { username, password })
  const { epgUrl } = secret
  return {
    record,
    secret: {
      ...secret,
      url: record.type === "m3u" ? following(url, known) : url,
      // The guide is the same account's, where its address has the login.
      ...(epgUrl === undefined ? {} : { epgUrl: following(epgUrl, stored ?? known) }),
      logins: { ...secret.logins, [primaryProfileId]: { url: null, username, password } },
    },
  }
}
