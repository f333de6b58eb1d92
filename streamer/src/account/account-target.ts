import type { Settings } from "@tributary/shared/config/settings"
import type { SealedSource } from "@tributary/shared/store/records"
import { urlTemplate } from "../import/catalogue/url-template.ts"
import { fillTemplate } from "../upstream/feed-address.ts"
import { type OpenSource, upstreamHeaders } from "../upstream/open-feed.ts"

/** Where an account is asked about. The address holds the login: it is for the request only. */
export interface AccountTarget {
  url: string
  headers: Record<string, string>
  /** It is a list's account: its server may well be no Xtream panel. */
  isList: boolean
}

/** `player_api.php` for a profile's login, on the profile's own server where it has one; null without a login. */
export function accountTarget(source: OpenSource, profile: string, settings: Settings): AccountTarget | null {
  const login = loginOf(source, profile)
  if (login === undefined) return null
  const isList = source.record.type === "m3u"
  const query = new URLSearchParams({ username: login.username, password: login.password })
  const panel = panelAddress(login.url ?? source.secret.url, isList)
  return { url: `${panel}?${query}`, headers: upstreamHeaders(settings, source), isList }
}

/**
 * Where a profile's list is; null when its address does not hold the login in a form that can be told, so that
 * the list of another profile is never taken for this one's.
 */
export function listAddress(source: OpenSource, profile: string): string | null {
  const { secret } = source
  if (profile === "primary") return secret.url
  const login = loginOf(source, profile)
  const template = urlTemplate(secret.url, { url: secret.url, login: secret.logins.primary ?? null })
  if (login === undefined || template === null) return null
  const isRebuildable = ["{username}", "{password}"].every((part) => template.includes(part))
  return isRebuildable ? fillTemplate(template, secret, profile) : null
}

// A profile's id is checked, as a map of JSON has names of its own.
function loginOf(
  { record, secret }: OpenSource,
  profile: string,
): SealedSource["logins"][string] | undefined {
  return record.profiles.some(({ id }) => id === profile) ? secret.logins[profile] : undefined
}

/** Below an Xtream server's address; of a list's server beside its `get.php`, or at its root. */
function panelAddress(url: string, isList: boolean): string {
  if (!isList) return `${url.replace(/\/+$/, "")}/player_api.php`
  const { origin, pathname } = new URL(url)
  const folder = /^(.*)\/get\.php$/i.exec(pathname)?.[1] ?? ""
  return `${origin}${folder}/player_api.php`
}
