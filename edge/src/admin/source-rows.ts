import { primaryProfileId } from "@tributary/shared/config/config-file"
import type { ProfileRecord, SourceRecord } from "@tributary/shared/store/records"
import type { OpenSource } from "@tributary/shared/store/source-record"
import { maskedPassword, maskedUrl, maskedUsername } from "./mask.ts"

/** A provider profile as the admin API shows it: logins are masked. */
export interface ProfileRow
  extends Pick<
    ProfileRecord,
    "id" | "name" | "primary" | "enabled" | "priority" | "maxStreams" | "hasLogin" | "ownServer"
  > {
  /** Null for one without a login. */
  username: string | null
  password: string | null
  /** The primary's is the source's own; null: the account is where the source's is. */
  url: string | null
  /** False: a configuration names it, and what is changed here lasts until the next start. */
  madeByApi: boolean
}

/** A source as the admin API shows it: addresses and logins are masked. */
export interface SourceRow
  extends Pick<SourceRecord, "id" | "type" | "origin" | "enabled" | "order" | "live" | "vod" | "series"> {
  name: string | null
  url: string
  epgUrl: string | null
  include: string | null
  exclude: string | null
  /** The primary profile's; null: no limit of our own. */
  maxStreams: number | null
  profiles: ProfileRow[]
}

export function sourceRow(source: OpenSource): SourceRow {
  const { record, secret } = source
  const { id, name, type, origin, enabled, order, live, vod, series, include, exclude, profiles } = record
  const primary = profiles.find((profile) => profile.id === primaryProfileId)
  return {
    ...{
      id,
      name: name ?? null,
      type,
      url: maskedUrl(secret.url),
      origin,
      enabled,
      order,
      live,
      vod,
      series,
    },
    epgUrl: secret.epgUrl === undefined ? null : maskedUrl(secret.epgUrl),
    include: include ?? null,
    exclude: exclude ?? null,
    maxStreams: primary?.maxStreams ?? null,
    profiles: profileRows(source),
  }
}

/** The primary first, then those that the configuration names, then those that were added, in their order. */
export function profileRows({ record, secret }: OpenSource): ProfileRow[] {
  return record.profiles.map((profile) => {
    const { id, name, primary, enabled, priority, maxStreams, hasLogin, ownServer } = profile
    const login = hasLogin ? secret.logins[id] : undefined
    const url = primary ? secret.url : (login?.url ?? null)
    return {
      ...{ id, name, primary, enabled, priority, maxStreams },
      username: login === undefined ? null : maskedUsername(login.username),
      password: login === undefined ? null : maskedPassword,
      url: url === null ? null : maskedUrl(url),
      ...{ hasLogin, ownServer, madeByApi: profile.madeByApi ?? false },
    }
  })
}

export function profileRow(source: OpenSource, id: string): ProfileRow | undefined {
  return profileRows(source).find((row) => row.id === id)
}
