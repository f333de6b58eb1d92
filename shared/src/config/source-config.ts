import * as z from "zod"
import {
  anyText,
  choice,
  filledHeaderValue,
  flag,
  headerValue,
  httpUrl,
  identifier,
  list,
  record,
  text,
  wholeNumber,
} from "./fields.ts"
import { loginIn } from "./list-login.ts"
import { refuseDuplicates } from "./refuse-duplicates.ts"

/** The profile that is made from the source's own credentials, and is tried first. */
export const primaryProfileId = "primary"

const limit = wholeNumber(0).nullish()
const pattern = anyText().refine(isPattern, "is not a regular expression")

function isPattern(written: string): boolean {
  try {
    new RegExp(written, "iu")
    return true
  } catch {
    return false
  }
}

const profileFields = {
  name: text(200),
  url: httpUrl().nullish(),
  username: text(),
  password: text(),
  maxStreams: limit,
  priority: wholeNumber(0),
  enabled: flag(),
}

/** A provider profile beside the primary one, as a file and the admin API name it. */
export const profileSchema = record({
  id: identifier.optional(),
  ...profileFields,
  priority: profileFields.priority.default(1),
  enabled: profileFields.enabled.default(true),
})

/** Without defaults: what is not given stays as it is. */
export const profilePatchSchema = record(profileFields).partial()

/** The fields of a source that can be changed, each as it has to be when it is given. */
export const sourceFieldSchemas = {
  name: text(200),
  url: httpUrl(),
  username: text(),
  password: text(),
  maxStreams: limit,
  order: wholeNumber(),
  enabled: flag(),
  live: flag(),
  vod: flag(),
  series: flag(),
  include: pattern,
  exclude: pattern,
  epgUrl: httpUrl(),
  userAgent: filledHeaderValue(),
  headers: headersOf(headerValue()),
}

// RFC 9110 7.6.1 and 10.1.1: between us and the next one on the way.
const connectionHeaders = new Set(
  "connection keep-alive proxy-connection te trailer transfer-encoding upgrade expect content-length".split(
    " ",
  ),
)

/** Values by the names of headers. */
function headersOf<Value extends z.ZodType>(value: Value) {
  return z.record(z.string(), value, "must be an object of texts").superRefine((headers, context) => {
    // RFC 9110 5.1 and 5.6.2: a token.
    for (const name of Object.keys(headers)) {
      const message = !/^[\w!#$%&'*+.^`|~-]+$/.test(name)
        ? "is not the name of a header"
        : connectionHeaders.has(name.toLowerCase())
          ? "is about the connection, which is ours"
          : null
      if (message !== null) context.addIssue({ code: "custom", path: [name], message })
    }
  })
}

const sourceFields = record({
  id: identifier,
  name: sourceFieldSchemas.name.optional(),
  type: choice("xtream", "m3u"),
  url: sourceFieldSchemas.url,
  username: sourceFieldSchemas.username.optional(),
  password: sourceFieldSchemas.password.optional(),
  maxStreams: sourceFieldSchemas.maxStreams,
  order: sourceFieldSchemas.order.default(1),
  enabled: sourceFieldSchemas.enabled.default(true),
  live: sourceFieldSchemas.live.default(true),
  vod: sourceFieldSchemas.vod.default(true),
  series: sourceFieldSchemas.series.default(true),
  include: sourceFieldSchemas.include.optional(),
  exclude: sourceFieldSchemas.exclude.optional(),
  epgUrl: sourceFieldSchemas.epgUrl.optional(),
  userAgent: sourceFieldSchemas.userAgent.optional(),
  headers: sourceFieldSchemas.headers.optional(),
  profiles: list(profileSchema).default([]),
})

/** A source as a file names it. */
export const sourceSchema = sourceFields.superRefine(checkWhole).transform(withLoginOfAddress)

/** The same with id and order left to whoever stores it. */
export const unnamedSourceSchema = record({
  ...sourceFields.shape,
  id: identifier.optional(),
  order: sourceFieldSchemas.order.optional(),
})
  .superRefine(checkWhole)
  .transform(withLoginOfAddress)

/** What is to change of a source: what is not given stays as it is, and null removes what may be missing. */
export const sourcePatchSchema = record({
  ...sourceFieldSchemas,
  type: z.never("cannot be changed"),
  name: sourceFieldSchemas.name.nullable(),
  username: sourceFieldSchemas.username.nullable(),
  password: sourceFieldSchemas.password.nullable(),
  include: sourceFieldSchemas.include.nullable(),
  exclude: sourceFieldSchemas.exclude.nullable(),
  epgUrl: sourceFieldSchemas.epgUrl.nullable(),
  userAgent: sourceFieldSchemas.userAgent.nullable(),
  headers: headersOf(headerValue().nullable()).nullable(),
}).partial()

interface WholeSource {
  type: "xtream" | "m3u"
  url: string
  username?: string | undefined
  password?: string | undefined
  profiles: z.output<typeof profileSchema>[]
}

function checkWhole(source: WholeSource, context: z.RefinementCtx): void {
  if (source.type === "xtream")
    for (const key of ["username", "password"] as const)
      if (source[key] === undefined)
        context.addIssue({ code: "custom", path: [key], message: "is missing: an xtream source needs it" })
  const profiles = [{ id: primaryProfileId }, ...source.profiles.map(withProfileId)]
  refuseDuplicates(profiles, "id", (index) => ["profiles", index - 1, "id"], context)
}

/** A list's address may name the login: what contains it is no more public than what names it apart. */
function withLoginOfAddress<Source extends WholeSource>(source: Source): Source {
  const isBare = source.type === "m3u" && source.username === undefined && source.password === undefined
  return isBare ? { ...source, ...loginIn(source.url) } : source
}

/** A profile with its id: without one it is named for its place in the list. */
export function withProfileId<Profile extends { id?: string | undefined }>(
  profile: Profile,
  index: number,
): Profile & { id: string } {
  return { ...profile, id: profile.id ?? `profile-${index + 1}` }
}

export type SourceConfig = z.output<typeof sourceSchema>
export type UnnamedSource = z.output<typeof unnamedSourceSchema>
export type SourcePatch = z.output<typeof sourcePatchSchema>
export type ProfileConfig = z.output<typeof profileSchema>
/** What is to change of a profile. */
export type ProfilePatch = z.output<typeof profilePatchSchema>
