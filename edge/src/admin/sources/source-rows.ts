import { maskedPassword, maskedUrl, maskedUsername } from "@tributary/shared/admin-api/mask"
import type { ProfileRow, SourceRow } from "@tributary/shared/admin-api/sources"
import { primaryProfileId } from "@tributary/shared/config/source-config"
import type { OpenSource } from "@tributary/shared/store/source-record"

/** The source with its secrets masked. */
export function sourceRow(source: OpenSource): SourceRow {
  const { record, secret } = source
  const { id, type, origin, enabled, order, live, vod, series } = record
  const profiles = profileRows(source)
  const primary = profiles.find((profile) => profile.id === primaryProfileId)
  return {
    ...{ id, name: record.name ?? null, type, origin, url: maskedUrl(secret.url) },
    username: primary?.username ?? null,
    password: primary?.password ?? null,
    maxStreams: primary?.maxStreams ?? null,
    ...{ order, enabled, live, vod, series },
    include: record.include ?? null,
    exclude: record.exclude ?? null,
    epgUrl: secret.epgUrl === undefined ? null : maskedUrl(secret.epgUrl),
    userAgent: record.userAgent ?? null,
    headers: maskedHeaders(secret.headers),
    profiles,
  }
}

/** The primary first, then those that the configuration names, then those that were added. */
export function profileRows({ record, secret }: OpenSource): ProfileRow[] {
  return record.profiles.map((profile) => {
    const { id, name, primary, enabled, priority, maxStreams, hasLogin, ownServer } = profile
    const login = hasLogin ? secret.logins[id] : undefined
    const url = primary ? secret.url : (login?.url ?? null)
    return {
      ...{ id, name, primary, enabled, priority, maxStreams, hasLogin, ownServer },
      username: login === undefined ? null : maskedUsername(login.username),
      password: login === undefined ? null : maskedPassword,
      url: url === null ? null : maskedUrl(url),
      madeByApi: profile.madeByApi ?? record.origin === "api",
    }
  })
}

export function profileRow(source: OpenSource, id: string): ProfileRow | undefined {
  return profileRows(source).find((row) => row.id === id)
}

function maskedHeaders(headers: Record<string, string> | undefined): SourceRow["headers"] {
  if (headers === undefined) return null
  return Object.fromEntries(Object.keys(headers).map((name) => [name, maskedPassword]))
}
