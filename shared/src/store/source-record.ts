import {
  type ProfileConfig,
  primaryProfileId,
  type SourceConfig,
  withProfileId,
} from "../config/source-config.ts"
import type { Keys } from "../secrets/keys.ts"
import { seal } from "../secrets/seal.ts"
import { unsealSource } from "./read-config.ts"
import type { Origin, ProfileRecord, SealedSource, SourceRecord } from "./records.ts"

/** A source with what is secret of it, to be changed and sealed again; what was sealed before is overwritten. */
export interface OpenSource {
  record: Omit<SourceRecord, "sealed"> & { sealed?: string }
  secret: SealedSource
}

/** A configured source as it is stored, before it is sealed. */
export function openSource(source: SourceConfig, origin: Origin): OpenSource {
  const { username, password, profiles, url, headers, epgUrl, maxStreams, ...open } = source
  const secret: SealedSource = { url, logins: {} }
  if (epgUrl !== undefined) secret.epgUrl = epgUrl
  if (headers !== undefined) secret.headers = headers
  if (username !== undefined && password !== undefined)
    secret.logins[primaryProfileId] = { url: null, username, password }
  const primary: ProfileRecord = {
    id: primaryProfileId,
    name: "Primary",
    primary: true,
    maxStreams: maxStreams ?? null,
    priority: 0,
    enabled: true,
    hasLogin: secret.logins[primaryProfileId] !== undefined,
    ownServer: false,
  }
  const bare: OpenSource = { record: { ...open, origin, profiles: [primary] }, secret }
  return profiles.map(withProfileId).reduce((opened, profile) => withProfile(opened, profile), bare)
}

/** A source as the store has it: only validated config is stored. Throws when it was sealed with another secret. */
export async function readSource(
  secretKeys: Keys,
  text: string,
): Promise<{ record: SourceRecord; secret: SealedSource }> {
  const record = JSON.parse(text) as SourceRecord
  return { record, secret: await unsealSource(secretKeys, record) }
}

export async function sealSource(secretKeys: Keys, { record, secret }: OpenSource): Promise<SourceRecord> {
  return { ...record, sealed: await seal(secretKeys, secret) }
}

/** The source with one more profile, which is not its primary. */
export function withProfile(
  { record, secret }: OpenSource,
  profile: ProfileConfig & { id: string },
  mark: Pick<ProfileRecord, "madeByApi"> = {},
): OpenSource {
  const { id, name, maxStreams = null, priority, enabled, username, password, url = null } = profile
  const added: ProfileRecord = {
    ...{ id, name, primary: false, maxStreams, priority, enabled, hasLogin: true },
    ownServer: isOwnServer(url, secret.url),
    ...mark,
  }
  return {
    record: { ...record, profiles: [...record.profiles, added] },
    secret: { ...secret, logins: { ...secret.logins, [id]: { url, username, password } } },
  }
}

/** The profiles that the admin API made and that `next`, the same source saved again, does not name. */
export function profilesToKeep(
  stored: Pick<SourceRecord, "profiles">,
  next: Pick<SourceRecord, "profiles">,
): ProfileRecord[] {
  return stored.profiles.filter(
    ({ id, madeByApi }) => madeByApi && !next.profiles.some((profile) => profile.id === id),
  )
}

/** The source with these profiles of its stored self, and their logins. */
export function withKept(
  source: OpenSource,
  kept: readonly ProfileRecord[],
  stored: SealedSource,
): OpenSource {
  const logins = { ...source.secret.logins }
  for (const { id } of kept) {
    const login = stored.logins[id]
    if (login !== undefined) logins[id] = login
  }
  const record = { ...source.record, profiles: [...source.record.profiles, ...kept] }
  return withOwnServers({ record, secret: { ...source.secret, logins } })
}

/** The source with every profile's `ownServer` told anew, when the source's own address is another. */
export function withOwnServers({ record, secret }: OpenSource): OpenSource {
  const profiles = record.profiles.map((profile) =>
    profile.primary
      ? profile
      : { ...profile, ownServer: isOwnServer(secret.logins[profile.id]?.url ?? null, secret.url) },
  )
  return { record: { ...record, profiles }, secret }
}

/** Profiles of either one whose provider, asked with their login, could answer otherwise for the other; null: it is new. */
export function changedLogins(before: OpenSource | null, after: OpenSource): string[] {
  const ids = [before, after].flatMap((source) => source?.record.profiles.map(({ id }) => id) ?? [])
  return [...new Set(ids)].filter(
    (id) => (before === null ? null : accountOf(before, id)) !== accountOf(after, id),
  )
}

function accountOf({ record, secret }: OpenSource, id: string): string | null {
  const profile = record.profiles.find((one) => one.id === id)
  if (profile === undefined) return null
  const login = profile.hasLogin ? secret.logins[id] : undefined
  return JSON.stringify([login?.url ?? secret.url, login?.username, login?.password])
}

function isOwnServer(url: string | null, sourceUrl: string): boolean {
  return url !== null && new URL(url).origin !== new URL(sourceUrl).origin
}
