import * as z from "zod"
import { choice, identifier, list, record } from "../config/fields.ts"
import {
  profilePatchSchema,
  profileSchema,
  sourceFieldSchemas,
  sourcePatchSchema,
  unnamedSourceSchema,
} from "../config/source-config.ts"
import { refuseMasks } from "./mask.ts"

const masked = "Masked; a mask that is sent back is refused."
const unixMilliseconds = "Unix milliseconds; null: not said, or without an end."

/** A provider profile: logins are masked. */
export const profileRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  primary: z.boolean().describe("It is made of the source's own address and login."),
  enabled: z.boolean(),
  priority: z.number().describe("Lowest first."),
  maxStreams: z.number().nullable().describe("Null: no limit of our own."),
  hasLogin: z.boolean(),
  ownServer: z.boolean().describe("Its account is on another server than the source's."),
  username: z.string().nullable().describe(`${masked} Null for one without a login.`),
  password: z.string().nullable().describe(masked),
  url: z.string().nullable().describe(`${masked} Null: the account is where the source's is.`),
  madeByApi: z
    .boolean()
    .describe("False: a configuration names it, and what is changed here lasts until the next start."),
})

/** A source: addresses, logins and the values of headers are masked. */
export const sourceRowSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  type: z.enum(["xtream", "m3u"]),
  origin: z
    .enum(["file", "environment", "demo", "api"])
    .describe("Unless it is api, the source is as the configuration says again at the next start."),
  url: z.string().describe(masked),
  username: z.string().nullable().describe(`${masked} The primary profile's.`),
  password: z.string().nullable().describe(masked),
  maxStreams: z.number().nullable().describe("The primary profile's; null: no limit of our own."),
  order: z.number().describe("Lowest first."),
  enabled: z.boolean(),
  live: z.boolean(),
  vod: z.boolean(),
  series: z.boolean(),
  include: z.string().nullable(),
  exclude: z.string().nullable(),
  epgUrl: z.string().nullable().describe(masked),
  userAgent: z.string().nullable().describe("Null: the one of the settings."),
  headers: z.record(z.string(), z.string()).nullable().describe(`Names; each value is masked.`),
  profiles: z.array(profileRowSchema).describe("The primary first, then those of a configuration."),
})

export const sourceRowsSchema = z.array(sourceRowSchema).describe("In their order.")
export const profileRowsSchema = z.array(profileRowSchema)

/** How full one profile is. */
export const poolProfileRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  primary: z.boolean(),
  active: z.number().describe("Connections that we hold."),
  max: z.number().nullable().describe("Null: no limit is known."),
  enabled: z.boolean(),
  priority: z.number(),
  elsewhere: z.number().describe("Connections that somebody else holds."),
  available: z.number().nullable().describe("Null: there is no limit."),
  reason: z
    .string()
    .nullable()
    .describe(
      "Why it is not used: disabled, expired, banned, wrong_password, refused, recovering; null: it is.",
    ),
  status: z.string().nullable().describe("What the provider said last."),
  expiresAt: z.number().nullable().describe(unixMilliseconds),
  reportedAt: z.number().nullable().describe("When the provider said it, in Unix milliseconds."),
})

/** How full a source is. What has no limit, or was not said yet, is null. */
export const poolRowSchema = z.object({
  active: z.number().describe("Connections that we hold."),
  total: z
    .number()
    .nullable()
    .describe("As many as its usable profiles may have, those included that somebody else holds."),
  available: z.number().nullable().describe("How many more may be opened now."),
  profiles: z.array(poolProfileRowSchema).describe("In the order in which they are tried."),
})

/** What a provider says of a login or a list. */
export const sourceCheckSchema = z.object({
  ok: z.boolean().describe("It can be used."),
  status: z
    .string()
    .describe(
      "active, unknown, expired, banned, disabled, wrong_password, wrong_server, server_down or timeout.",
    ),
  maxConnections: z.number().nullable(),
  activeConnections: z.number().nullable(),
  expiresAt: z.number().nullable().describe(unixMilliseconds),
  message: z.string().describe("One or two sentences for people."),
  suggestedType: z
    .enum(["xtream", "m3u"])
    .nullable()
    .describe("What the address is better added as: xtream for a list with a login that a panel knows."),
})

/** Body of `POST /api/sources`: a source as in the configuration file; id and order may be left out. */
export const newSourceSchema = unnamedSourceSchema.superRefine(refuseMasks).superRefine(refuseHalfLogin)
/** Body of `PATCH /api/sources/{id}`. */
export const changedSourceSchema = sourcePatchSchema.superRefine(refuseMasks)
/** Body of `POST …/profiles`: a profile as in the configuration file. */
export const newProfileSchema = profileSchema.superRefine(refuseMasks)
/** Body of `PATCH …/profiles/{profileId}`. */
export const changedProfileSchema = profilePatchSchema.superRefine(refuseMasks)
/** Body of `PUT …/order`: every id, in the wanted order. */
export const orderSchema = record({ ids: list(identifier) })

const { url, username, password, userAgent, headers } = sourceFieldSchemas

/** Body of `POST /api/sources/test`: what is being typed. */
export const sourceTestSchema = record({
  type: choice("xtream", "m3u"),
  url,
  username: username.optional(),
  password: password.optional(),
  userAgent: userAgent.optional(),
  headers: headers.optional(),
})
  .superRefine(refuseMasks)
  .superRefine(refuseHalfLogin)

interface WithLogin {
  type: "xtream" | "m3u"
  username?: string | undefined
  password?: string | undefined
}

function refuseHalfLogin(source: WithLogin, context: z.RefinementCtx): void {
  const isXtream = source.type === "xtream"
  const isNeeded = isXtream || source.username !== undefined || source.password !== undefined
  const message = isXtream
    ? "is missing: an xtream source needs it"
    : "is missing: a login is a username and a password"
  for (const key of ["username", "password"] as const)
    if (isNeeded && source[key] === undefined) context.addIssue({ code: "custom", path: [key], message })
}

export type ProfileRow = z.output<typeof profileRowSchema>
export type SourceRow = z.output<typeof sourceRowSchema>
export type PoolProfileRow = z.output<typeof poolProfileRowSchema>
export type PoolRow = z.output<typeof poolRowSchema>
export type SourceCheck = z.output<typeof sourceCheckSchema>
export type SourceTest = z.output<typeof sourceTestSchema>
export type NewSource = z.output<typeof newSourceSchema>
