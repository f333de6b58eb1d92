import type { SourceRow } from "@tributary/shared/admin-api/sources"
import type { HeaderValues, SourceValues } from "./source-values.ts"

type Body = Record<string, unknown>

/** The body of `POST /api/sources`: what is empty is left out. */
export function newSourceBody(values: SourceValues): Body {
  const { type, live, vod, series } = values
  const headers = values.headers.filter(isTyped)
  return {
    type,
    ...given({ ...textsOf(values), ...secretsOf(values), epgUrl: values.epgUrl.trim() }),
    ...limitOf(values),
    ...{ live, vod, series },
    ...(headers.length > 0 && {
      headers: Object.fromEntries(headers.map((one) => [one.name.trim(), one.value])),
    }),
  }
}

/** The body of `PATCH /api/sources/{id}`: only what is not as it is stored. */
export function changedSourceBody(values: SourceValues, row: SourceRow): Body {
  const shown = {
    ...Object.fromEntries(
      Object.entries(textsOf(values)).map(([key, text]) => [key, text === "" ? null : text]),
    ),
    maxStreams: limitOf(values).maxStreams ?? null,
    ...{ live: values.live, vod: values.vod, series: values.series },
  }
  const changed = Object.entries(shown).filter(([key, value]) => value !== row[key as keyof SourceRow])
  const headers = changedHeaders(values.headers, Object.keys(row.headers ?? {}))
  return {
    ...Object.fromEntries(changed),
    ...given({ ...secretsOf(values), epgUrl: values.epgUrl.trim() }),
    ...(values.withoutLogin && { username: null, password: null }),
    ...(values.withoutEpgUrl && { epgUrl: null }),
    ...(Object.keys(headers).length > 0 && { headers }),
  }
}

/** Names whose value is new, and those that are gone as null. */
function changedHeaders(
  headers: readonly HeaderValues[],
  stored: readonly string[],
): Record<string, string | null> {
  const kept = new Set(headers.map(({ name }) => name.trim().toLowerCase()))
  const gone = stored.filter((name) => !kept.has(name.toLowerCase()))
  const typed = headers.filter((header) => isTyped(header) && (header.value !== "" || !header.isStored))
  return Object.fromEntries([
    ...gone.map((name) => [name, null]),
    ...typed.map(({ name, value }) => [name.trim(), value]),
  ])
}

/** A row that was added and left empty is none. */
const isTyped = ({ name, value }: HeaderValues) => name.trim() !== "" || value !== ""

const textsOf = ({ name, include, exclude, userAgent }: SourceValues) => ({
  ...{ name: name.trim(), include, exclude, userAgent: userAgent.trim() },
})

const secretsOf = ({ url, username, password }: SourceValues) => ({
  ...{ url: url.trim(), username: username.trim(), password },
})

/** Without a number there is no limit of our own, and the provider's counts. */
const limitOf = ({ maxStreams }: Pick<SourceValues, "maxStreams">): Body =>
  maxStreams === "" ? {} : { maxStreams }

const given = (texts: Record<string, string>): Body =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""))
