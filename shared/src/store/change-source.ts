import { describeIssue } from "../config/describe-issue.ts"
import {
  primaryProfileId,
  type SourcePatch,
  sourceSchema,
  type UnnamedSource,
} from "../config/source-config.ts"
import { freeId } from "./free-id.ts"
import { withSourceLogin } from "./source-login.ts"
import { type OpenSource, openSource, withOwnServers } from "./source-record.ts"
import type { Refusal } from "./source-store.ts"

export type SourceChange = { ok: true; source: OpenSource } | Refusal

/**
 * A source that the admin API makes, beside those that are there. Without an id it is named for its name, never for
 * its address: ids stand in logs. Without an order it comes last.
 */
export function newSource(
  config: UnnamedSource,
  others: readonly { id: string; order: number }[],
): SourceChange {
  const taken = others.map(({ id }) => id)
  const id = config.id ?? freeId(config.name ?? "", taken, "source")
  if (taken.includes(id)) return refused(`id: "${id}" is a duplicate`)
  const order = config.order ?? Math.max(0, ...others.map((other) => other.order)) + 1
  const { record, secret } = openSource({ ...config, id, order }, "api")
  const profiles = record.profiles.map((profile) =>
    profile.primary ? profile : { ...profile, madeByApi: true as const },
  )
  return { ok: true, source: { record: { ...record, profiles }, secret } }
}

/**
 * Changes what is given of a source and nothing else; null removes it. What it comes to is checked as a file's source
 * is. Address and login are the primary profile's, wherever they stand in it; a header is changed by its name.
 */
export function changeSource(source: OpenSource, patch: SourcePatch): SourceChange {
  const opened = withChangedLogin(source, patch)
  if ("message" in opened) return refused(opened.message)
  const { type: _, url: _url, username: _username, password: _password, headers, ...others } = patch
  const given = Object.entries(others).filter(([, value]) => value !== undefined)
  const merged = {
    ...configOf(opened),
    ...Object.fromEntries(given),
    headers: withHeaders(opened.secret.headers, headers),
  }
  const kept = Object.entries(merged).filter(([, value]) => value != null)
  const parsed = sourceSchema.safeParse(Object.fromEntries(kept))
  if (!parsed.success) return refused(describeIssue(parsed.error))
  return { ok: true, source: withProfilesOf(opened, openSource(parsed.data, source.record.origin)) }
}

/** A login that is null goes as a whole, and one that the list's address holds takes its place. */
function withChangedLogin(source: OpenSource, patch: SourcePatch): OpenSource | { message: string } {
  const { url, username, password } = patch
  if (username !== null && password !== null) return withSourceLogin(source, { url, username, password })
  const missing = username === null ? "username" : "password"
  if (username != null || password != null)
    return { message: `${missing}: is missing: a login is a username and a password` }
  const { [primaryProfileId]: _, ...logins } = source.secret.logins
  return { record: source.record, secret: { ...source.secret, url: url ?? source.secret.url, logins } }
}

/** The source as a file would name it, without its other profiles. */
function configOf({ record, secret }: OpenSource): Record<string, unknown> {
  const { origin: _, profiles, sealed: _sealed, ...open } = record
  const { url, epgUrl, logins } = secret
  const { username, password } = logins[primaryProfileId] ?? {}
  const maxStreams = profiles.find(({ primary }) => primary)?.maxStreams
  return { ...open, url, epgUrl, username, password, maxStreams }
}

/** Names of headers are the same in capitals and small letters (RFC 9110 5.1). */
function withHeaders(
  stored: Record<string, string> = {},
  given: SourcePatch["headers"] = {},
): Record<string, string> | null {
  if (given === null) return null
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()))
  const headers = [
    ...Object.entries(stored).filter(([name]) => !names.has(name.toLowerCase())),
    ...Object.entries(given).filter((header): header is [string, string] => header[1] !== null),
  ]
  return headers.length === 0 ? null : Object.fromEntries(headers)
}

/** The changed source with all that its stored self has and that no file names. */
function withProfilesOf(stored: OpenSource, changed: OpenSource): OpenSource {
  const fresh = changed.record.profiles.find(({ primary }) => primary)
  const profiles = stored.record.profiles.map((profile) =>
    profile.primary && fresh !== undefined
      ? { ...profile, maxStreams: fresh.maxStreams, hasLogin: fresh.hasLogin }
      : profile,
  )
  const { sealed } = stored.record
  const { [primaryProfileId]: _, ...others } = stored.secret.logins
  return withOwnServers({
    record: { ...changed.record, profiles, ...(sealed === undefined ? {} : { sealed }) },
    secret: { ...changed.secret, logins: { ...changed.secret.logins, ...others } },
  })
}

function refused(message: string): Refusal {
  return { ok: false, code: "bad_request", message }
}
