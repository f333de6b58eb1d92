import type { ProfileConfig, ProfilePatch } from "../config/source-config.ts"
import { checkOrder } from "./check-order.ts"
import { freeId } from "./free-id.ts"
import { withSourceLogin } from "./source-login.ts"
import { type OpenSource, withOwnServers, withProfile } from "./source-record.ts"
import type { Refusal } from "./source-store.ts"

export type ProfileChange = { ok: true; source: OpenSource; profile: string } | Refusal

/** Adds a profile, which stays when the source is configured anew. Without an id it is named for its name. */
export function addProfile(source: OpenSource, profile: ProfileConfig): ProfileChange {
  const taken = source.record.profiles.map(({ id }) => id)
  const id = profile.id ?? freeId(profile.name, taken, "profile")
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

/** Has all profiles tried in this order, the primary included: their priorities become 0, 1 and so on. */
export function orderProfiles(
  source: OpenSource,
  ids: readonly string[],
): { ok: true; source: OpenSource } | Refusal {
  const { record, secret } = source
  const known = record.profiles.map(({ id }) => id)
  const refusal = checkOrder(ids, known, "profile")
  if (refusal !== null) return refusal
  const profiles = record.profiles.map((profile) => ({ ...profile, priority: ids.indexOf(profile.id) }))
  return { ok: true, source: { record: { ...record, profiles }, secret } }
}

function withOwnLogin({ record, secret }: OpenSource, id: string, patch: ProfilePatch): OpenSource {
  const login = secret.logins[id]
  if (login === undefined) throw new Error(`profile "${id}" has no login`)
  const { url = login.url, username = login.username, password = login.password } = patch
  return { record, secret: { ...secret, logins: { ...secret.logins, [id]: { url, username, password } } } }
}

function unknown({ record }: OpenSource, id: string): Refusal {
  return {
    ok: false,
    code: "unknown_profile",
    message: `There is no profile "${id}" of source "${record.id}".`,
  }
}

function refused(message: string): Refusal {
  return { ok: false, code: "bad_request", message }
}
