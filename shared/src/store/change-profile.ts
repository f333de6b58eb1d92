import type { ProfileConfig, ProfilePatch } from "../config/config-file.ts"
import { primaryProfileId } from "../config/config-file.ts"
import { type Login, loginIn, withLogin } from "../config/list-login.ts"
import { type OpenSource, withOwnServers, withProfile } from "./source-record.ts"

export type ProfileChange =
  | { ok: true; source: OpenSource; profile: string }
  | { ok: false; code: "unknown_profile" | "bad_request"; message: string }

/** Adds a profile, which stays when the source is configured anew. Without an id it is named for its name. */
export function addProfile(source: OpenSource, profile: ProfileConfig): ProfileChange {
  const taken = source.record.profiles.map(({ id }) => id)
  const id = profile.id ?? freeId(profile.name, taken)
  if (taken.includes(id)) return refused(`id: "${id}" is a duplicate`)
  return { ok: true, source: withProfile(source, { ...profile, id }, { madeByApi: true }), profile: id }
}

/**
 * Changes what is given of a profile and nothing else. The login and address of the primary profile are the
 * source's own, wherever they stand in it.
 */
export function changeProfile(source: OpenSource, id: string, patch: ProfilePatch): ProfileChange {
  const profile = source.record.profiles.find((one) => one.id === id)
  if (profile === undefined) return unknown(source, id)
  const opened = profile.primary ? withSourceLogin(source, patch) : withOwnLogin(source, id, patch)
  if ("message" in opened) return refused(opened.message)
  const { name, maxStreams, priority, enabled } = patch
  const given = Object.entries({ name, maxStreams, priority, enabled }).filter(
    ([, value]) => value !== undefined,
  )
  const profiles = opened.record.profiles.map((one) =>
    one.id === id
      ? { ...one, ...Object.fromEntries(given), hasLogin: Object.hasOwn(opened.secret.logins, id) }
      : one,
  )
  return {
    ok: true,
    source: withOwnServers({ record: { ...opened.record, profiles }, secret: opened.secret }),
    profile: id,
  }
}

/** Removes a profile and its login; the primary cannot go, as the source is read with it. */
export function removeProfile(source: OpenSource, id: string): ProfileChange {
  const { record, secret } = source
  const profile = record.profiles.find((one) => one.id === id)
  if (profile === undefined) return unknown(source, id)
  if (profile.primary) return refused("The primary profile is the source's own login and cannot be deleted.")
  const profiles = record.profiles.filter((one) => one.id !== id)
  const logins = Object.fromEntries(Object.entries(secret.logins).filter(([name]) => name !== id))
  return { ok: true, source: { record: { ...record, profiles }, secret: { ...secret, logins } }, profile: id }
}

function withOwnLogin({ record, secret }: OpenSource, id: string, patch: ProfilePatch): OpenSource {
  const login = secret.logins[id]
  if (login === undefined) throw new Error(`profile "${id}" has no login`)
  const { url = login.url, username = login.username, password = login.password } = patch
  return { record, secret: { ...secret, logins: { ...secret.logins, [id]: { url, username, password } } } }
}

/** A list's address that holds its login follows the login, and the login follows such an address. */
function withSourceLogin(
  { record, secret }: OpenSource,
  patch: ProfilePatch,
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

/**
 * An id that tells the profile's name where it can. It never has the form of those that a file's profiles get
 * for their place (`profile-1`), so that one added there does not take this one's place.
 */
function freeId(name: string, taken: readonly string[]): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .match(/[a-z0-9]+/g)
  const base = (words?.join("_") ?? "").slice(0, 48).replace(/_$/, "") || "profile"
  for (let number = 1; ; number++) {
    const id = number === 1 && base !== "profile" ? base : `${base}_${number}`
    if (!taken.includes(id)) return id
  }
}

function unknown({ record }: OpenSource, id: string): ProfileChange {
  return {
    ok: false,
    code: "unknown_profile",
    message: `There is no profile "${id}" of source "${record.id}".`,
  }
}

function refused(message: string): ProfileChange {
  return { ok: false, code: "bad_request", message }
}
