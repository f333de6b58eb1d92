import type { z } from "zod"
import { variantProblems } from "../transcode/check-variants.ts"
import { transcodeProfileSchema } from "../transcode/profile-config.ts"
import {
  anyText,
  choice,
  dateTime,
  flag,
  httpUrl,
  identifier,
  list,
  record,
  text,
  texts,
  wholeNumber,
} from "./fields.ts"
import { loginIn } from "./list-login.ts"
import { type SettingsInput, settingsSchema } from "./settings.ts"

const limit = wholeNumber(0).nullish()
const pattern = anyText().refine(isPattern, "is not a regular expression").optional()

function isPattern(written: string): boolean {
  try {
    new RegExp(written, "iu")
    return true
  } catch {
    return false
  }
}

const profileFields = {
  name: text(),
  url: httpUrl().nullish(),
  username: text(),
  password: text(),
  maxStreams: limit,
  priority: wholeNumber(0),
  enabled: flag(),
}

const profileSchema = record({
  id: identifier.optional(),
  ...profileFields,
  priority: profileFields.priority.default(1),
  enabled: profileFields.enabled.default(true),
})

// Without defaults: what is not given stays as it is.
const profilePatchSchema = record(profileFields).partial()

/** The profile that is made from the source's own credentials, and is tried first. */
export const primaryProfileId = "primary"

const sourceFields = record({
  id: identifier,
  name: text().optional(),
  type: choice("xtream", "m3u"),
  url: httpUrl(),
  username: text().optional(),
  password: text().optional(),
  maxStreams: limit,
  order: wholeNumber().default(1),
  enabled: flag().default(true),
  live: flag().default(true),
  vod: flag().default(true),
  series: flag().default(true),
  include: pattern,
  exclude: pattern,
  epgUrl: httpUrl().optional(),
  userAgent: text().optional(),
  headers: texts().optional(),
  profiles: list(profileSchema).default([]),
}).superRefine((source, context) => {
  if (source.type === "xtream")
    for (const key of ["username", "password"] as const)
      if (source[key] === undefined)
        context.addIssue({ code: "custom", path: [key], message: "is missing: an xtream source needs it" })
  const profiles = [{ id: primaryProfileId }, ...source.profiles.map(withProfileId)]
  refuseDuplicates(profiles, "id", (index) => ["profiles", index - 1, "id"], context)
})

// A list's address may name the login: what contains it is no more public than what names it apart.
const sourceSchema = sourceFields.transform((source): z.output<typeof sourceFields> => {
  const isBare = source.type === "m3u" && source.username === undefined && source.password === undefined
  return isBare ? { ...source, ...loginIn(source.url) } : source
})

/** A profile with its id: without one it is named for its place in the list. */
export function withProfileId<Profile extends { id?: string | undefined }>(
  profile: Profile,
  index: number,
): Profile & { id: string } {
  return { ...profile, id: profile.id ?? `profile-${index + 1}` }
}

const viewerSchema = record({
  username: text(128),
  password: text(256),
  maxStreams: limit,
  groups: list(anyText()).nullish(),
  expiresAt: dateTime().nullish(),
  enabled: flag().default(true),
  whenFull: choice("refuse", "replace").default("refuse"),
})

const epgSchema = record({ url: httpUrl() })

// Kept as written: only what the file names is put in force, and defaults stay defaults.
const namedSettings = record({})
  .loose()
  .transform((written, context) => {
    const issues = settingsSchema.safeParse(written).error?.issues ?? []
    for (const issue of issues) {
      const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : []
      const message = unknown.length > 0 ? "unknown key" : issue.message
      context.addIssue({ code: "custom", path: [...issue.path, ...unknown], message })
    }
    return written as Partial<SettingsInput>
  })

/** The whole of `CONFIG_FILE` (CONTRACT.md). Unknown keys, wrong types and duplicate ids are errors. */
export const configFileSchema = record({
  sources: list(sourceSchema).optional(),
  epg: list(epgSchema).optional(),
  viewers: list(viewerSchema).optional(),
  transcodeProfiles: list(transcodeProfileSchema).optional(),
  settings: namedSettings.optional(),
}).superRefine((file, context) => {
  refuseDuplicates(file.sources, "id", (index) => ["sources", index, "id"], context)
  refuseDuplicates(file.viewers, "username", (index) => ["viewers", index, "username"], context)
  refuseDuplicates(file.transcodeProfiles, "id", (index) => ["transcodeProfiles", index, "id"], context)
  const profiles = file.transcodeProfiles ?? []
  for (const { profile, at, message } of variantProblems(profiles)) {
    const index = profiles.findIndex(({ id }) => id === profile)
    // A built-in one fails when what it names is replaced by one with variants: that is at fault.
    const path = index < 0 ? [] : [index, "variants", at]
    context.addIssue({
      code: "custom",
      path: ["transcodeProfiles", ...path],
      message: index < 0 ? `${message}, and "${profile}" names it` : message,
    })
  }
})

function refuseDuplicates<Key extends string>(
  items: readonly Record<Key, string>[] | undefined,
  key: Key,
  pathOf: (index: number) => (string | number)[],
  context: z.RefinementCtx,
) {
  const seen = new Set<string>()
  items?.forEach((item, index) => {
    if (seen.has(item[key]))
      context.addIssue({ code: "custom", path: pathOf(index), message: `"${item[key]}" is a duplicate` })
    seen.add(item[key])
  })
}

export type ConfigFile = z.output<typeof configFileSchema>
export type SourceConfig = z.output<typeof sourceSchema>
export type ProfileConfig = z.output<typeof profileSchema>
/** What is to change of a profile. */
export type ProfilePatch = z.output<typeof profilePatchSchema>
export type EpgConfig = z.output<typeof epgSchema>
export type ViewerConfig = z.output<typeof viewerSchema>
export { profilePatchSchema, profileSchema, sourceSchema, viewerSchema }
