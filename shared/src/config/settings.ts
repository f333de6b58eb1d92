import { z } from "zod"
import { parseDuration } from "./duration.ts"

const duration = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const seconds = parseDuration(text)
      if (seconds !== undefined) return seconds
      context.addIssue({ code: "custom", message: `"${text}" is not a duration such as 30m, 5s or 12h` })
      return z.NEVER
    })

const wholeNumber = (fallback: number, minimum = 0) => z.coerce.number().int().min(minimum).default(fallback)

const yesOrNo = (fallback: boolean) =>
  z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).default(fallback)

/**
 * Every setting that users share across tiers, by its name in `CONFIG_FILE` and the admin API. Durations
 * are texts outside and seconds inside, sizes are bytes. Names and defaults follow CONTRACT.md.
 */
export const settingsSchema = z.strictObject({
  publicPlaylist: yesOrNo(false),
  streamMode: z.enum(["restream", "direct"]).default("restream"),
  maxRetries: wholeNumber(3),
  maxFailuresBeforeBlock: wholeNumber(5, 1),
  retryDelay: duration("5s"),
  stallTimeout: duration("5s"),
  poolGrace: duration("10s"),
  importRefreshInterval: duration("12h"),
  workerThreads: wholeNumber(4, 1),
  maxBufferSize: wholeNumber(256 * 1024 * 1024, 1024 * 1024),
  bufferSizePerStream: wholeNumber(16 * 1024 * 1024, 256 * 1024),
  sortField: z.string().min(1).default("tvg-name"),
  sortDirection: z.enum(["asc", "desc"]).default("asc"),
  groupBy: z.enum(["name", "tvg-id", "quality"]).default("name"),
  hlsVariant: z.union([z.enum(["highest", "lowest"]), z.coerce.number().int().positive()]).default("highest"),
  userAgent: z.string().min(1).default("VLC/3.0.18 LibVLC/3.0.18"),
  reqOrigin: z.string().default(""),
  reqReferrer: z.string().default(""),
  obfuscateUrls: yesOrNo(true),
  debug: yesOrNo(false),
  cacheEnabled: yesOrNo(true),
  cacheDuration: duration("30m"),
})

export type Settings = z.output<typeof settingsSchema>
export type SettingsInput = z.input<typeof settingsSchema>
export type SettingName = keyof Settings

/** The environment's name of a setting: `poolGrace` is `POOL_GRACE`. */
export function environmentName(name: SettingName): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

export const settingNames = Object.keys(settingsSchema.shape) as SettingName[]

/** The settings that an environment names, unparsed: an unset or empty variable names nothing. */
export function settingsFromEnvironment(
  environment: Record<string, string | undefined>,
): Partial<SettingsInput> {
  const named = settingNames.flatMap((name) => {
    const text = environment[environmentName(name)]
    return text === undefined || text === "" ? [] : [[name, text] as const]
  })
  return Object.fromEntries(named)
}
