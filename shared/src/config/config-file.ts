import { z } from "zod"
import { type SettingsInput, settingsSchema } from "./settings.ts"

const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" })
const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, "must be letters, digits, - and _ (at most 64)")
const limit = z.number().int().min(0).nullish()
const pattern = z.string().refine(isPattern, "is not a regular expression").optional()
const viewerName = z.string().min(1).max(128)

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "iu")
    return true
  } catch {
    return false
  }
}

const profileSchema = z.strictObject({
  id: identifier.optional(),
  name: z.string().min(1),
  url: httpUrl.nullish(),
  username: z.string().min(1),
  password: z.string().min(1),
  maxStreams: limit,
  priority: z.number().int().min(0).default(1),
  enabled: z.boolean().default(true),
})

const sourceSchema = z
  .strictObject({
    id: identifier,
    name: z.string().min(1).optional(),
    type: z.enum(["xtream", "m3u"]),
    url: httpUrl,
    username: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    maxStreams: limit,
    order: z.number().int().default(1),
    enabled: z.boolean().default(true),
    live: z.boolean().default(true),
    vod: z.boolean().default(true),
    series: z.boolean().default(true),
    include: pattern,
    exclude: pattern,
    epgUrl: httpUrl.optional(),
    userAgent: z.string().min(1).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    profiles: z.array(profileSchema).default([]),
  })
  .superRefine((source, context) => {
    if (source.type !== "xtream") return
    for (const key of ["username", "password"] as const)
      if (source[key] === undefined)
        context.addIssue({ code: "custom", path: [key], message: "an xtream source needs it" })
  })

const viewerSchema = z.strictObject({
  username: viewerName,
  password: z.string().min(1).max(256),
  maxStreams: limit,
  groups: z.array(z.string()).nullish(),
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
  enabled: z.boolean().default(true),
  whenFull: z.enum(["refuse", "replace"]).default("refuse"),
})

const transcodeProfileSchema = z.strictObject({
  id: identifier,
  name: z.string().min(1),
  output: z.enum(["mpegts", "hls"]),
  arguments: z.string(),
})

// Kept as written: only what the file names is put in force, and defaults stay defaults.
const namedSettings = z.record(z.string(), z.unknown()).transform((written, context) => {
  const issues = settingsSchema.safeParse(written).error?.issues ?? []
  for (const issue of issues) {
    const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : []
    const message = unknown.length > 0 ? "unknown key" : issue.message
    context.addIssue({ code: "custom", path: [...issue.path, ...unknown], message })
  }
  return written as Partial<SettingsInput>
})

/** The whole of `CONFIG_FILE` (CONTRACT.md). Unknown keys, wrong types and duplicate ids are errors. */
export const configFileSchema = z
  .strictObject({
    sources: z.array(sourceSchema).optional(),
    epg: z.array(z.strictObject({ url: httpUrl })).optional(),
    viewers: z.array(viewerSchema).optional(),
    transcodeProfiles: z.array(transcodeProfileSchema).optional(),
    settings: namedSettings.optional(),
  })
  .superRefine((file, context) => {
    refuseDuplicates(file.sources, "sources", "id", context)
    refuseDuplicates(file.viewers, "viewers", "username", context)
    refuseDuplicates(file.transcodeProfiles, "transcodeProfiles", "id", context)
  })

function refuseDuplicates<Key extends string>(
  items: readonly Record<Key, string>[] | undefined,
  list: string,
  key: Key,
  context: z.RefinementCtx,
) {
  const seen = new Set<string>()
  items?.forEach((item, index) => {
    if (seen.has(item[key]))
      context.addIssue({ code: "custom", path: [list, index, key], message: `"${item[key]}" is a duplicate` })
    seen.add(item[key])
  })
}

export type ConfigFile = z.output<typeof configFileSchema>
export type SourceConfig = z.output<typeof sourceSchema>
export type ProfileConfig = z.output<typeof profileSchema>
export type ViewerConfig = z.output<typeof viewerSchema>
export { sourceSchema, viewerSchema }
