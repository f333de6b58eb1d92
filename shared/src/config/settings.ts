import * as z from "zod"
import { parseDuration } from "./duration.ts"
import { choice, filledHeaderValue, headerValue, text } from "./fields.ts"

// Node's timers hold at most 2^31 ms; a longer one would fire at once.
const longestTimerSeconds = 24 * 86_400
/** No duration of a setting is longer. */
export const longestIntervalSeconds = 365 * 86_400

const duration = (fallback: string, minimumSeconds = 0, maximumSeconds = longestIntervalSeconds) =>
  z
    .string("must be a duration such as 30m, 5s or 12h")
    .default(fallback)
    .transform((written, context) => {
      const seconds = parseDuration(written)
      if (seconds !== undefined && seconds >= minimumSeconds && seconds <= maximumSeconds) return seconds
      const message =
        seconds === undefined
          ? `"${written}" is not a duration such as 30m, 5s or 12h`
          : seconds < minimumSeconds
            ? `must be at least ${minimumSeconds}s`
            : `must be at most ${maximumSeconds / 86_400}d`
      context.addIssue({ code: "custom", message })
      return z.NEVER
    })
    // What it is by default is else known in seconds only.
    .meta({ default: fallback })

const timer = (fallback: string, minimumSeconds = 0) =>
  duration(fallback, minimumSeconds, longestTimerSeconds)

// An environment has texts, a file has numbers.
const wholeNumber = (fallback: number, minimum = 0) =>
  z
    .union([z.number(), z.string()], "must be a whole number")
    .transform((written, context) => {
      const value = Number(
        typeof written === "string" && !/^\s*-?\d+\s*$/.test(written) ? Number.NaN : written,
      )
      if (Number.isSafeInteger(value) && value >= minimum) return value
      const message = Number.isSafeInteger(value) ? `must be at least ${minimum}` : "must be a whole number"
      context.addIssue({ code: "custom", message })
      return z.NEVER
    })
    .default(fallback)

const share = (fallback: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\s*(?:0|1|0?\.\d+)\s*$/)
          .transform(Number),
      ],
      "must be from 0 to 1",
    )
    .refine((value) => value >= 0 && value <= 1, "must be from 0 to 1")
    .default(fallback)

const trueOrFalse = (fallback: boolean) =>
  z
    .union([z.boolean(), z.enum(["true", "false"]).transform((written) => written === "true")], {
      error: "must be true or false",
    })
    .default(fallback)

const hlsVariant = z
  .union(
    [
      z.enum(["highest", "lowest"]),
      z.int().positive(),
      z
        .string()
        .regex(/^[1-9]\d{0,14}$/)
        .transform(Number),
    ],
    {
      error: 'must be "highest", "lowest" or a bandwidth in bit/s',
    },
  )
  .default("highest")

/**
 * Every setting that users share across tiers, by its name in `CONFIG_FILE` and the admin API. Durations
 * are texts outside and seconds inside, sizes are bytes. Names and defaults follow CONTRACT.md.
 */
export const settingsSchema = z.strictObject({
  publicPlaylist: trueOrFalse(false),
  streamMode: choice("restream", "direct").default("restream"),
  maxRetries: wholeNumber(3),
  maxFailuresBeforeBlock: wholeNumber(5, 1),
  retryDelay: timer("5s"),
  stallTimeout: timer("5s", 0.1),
  poolGrace: timer("10s"),
  importRefreshInterval: duration("12h", 1),
  /** A list that lost more than this share of its entries is not taken until the loss is accepted. */
  importMaxShrink: share(0.5),
  workerThreads: wholeNumber(4, 1),
  maxBufferSize: wholeNumber(256 * 1024 * 1024, 1024 * 1024),
  bufferSizePerStream: wholeNumber(16 * 1024 * 1024, 256 * 1024),
  /**
   * Transcodes that a streamer runs at once; 0: as many as are asked for. How many a machine carries differs a
   * hundredfold with its hardware and the recipes, so that any other default would refuse some or protect nobody.
   */
  maxTranscodes: wholeNumber(0),
  /** Viewers of one transcode; 0: as many as come. */
  maxTranscodeViewers: wholeNumber(0),
  sortField: text().default("tvg-name"),
  sortDirection: choice("asc", "desc").default("asc"),
  groupBy: choice("name", "tvg-id", "quality").default("name"),
  hlsVariant,
  userAgent: filledHeaderValue().default("VLC/3.0.18 LibVLC/3.0.18"),
  reqOrigin: headerValue().default(""),
  reqReferrer: headerValue().default(""),
  obfuscateUrls: trueOrFalse(true),
  debug: trueOrFalse(false),
  cacheEnabled: trueOrFalse(true),
  cacheDuration: duration("30m"),
})

export type Settings = z.output<typeof settingsSchema>
export type SettingsInput = z.input<typeof settingsSchema>
export type SettingName = keyof Settings

/** Read by each process when it starts, for its log: a change of one has no effect before. */
export const settingsReadAtStart = ["obfuscateUrls", "debug"] as const satisfies SettingName[]

/** The environment's name of a setting: `poolGrace` is `POOL_GRACE`. */
export function environmentName(name: SettingName): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

export const settingNames = Object.keys(settingsSchema.shape) as SettingName[]

const durationDefault = (name: SettingName) => settingsSchema.shape[name].meta()?.default

/** What each setting is by default, as one would write it. */
export const defaultSettings = Object.fromEntries(
  settingNames.map((name) => [name, durationDefault(name) ?? settingsSchema.shape[name].parse(undefined)]),
) as Required<SettingsInput>

/** A setting's value as one would write it in a file, whether it was written there or in an environment. */
export function writtenSetting(name: SettingName, value: unknown): unknown {
  return durationDefault(name) === undefined ? settingsSchema.shape[name].parse(value) : value
}

/** The settings that an environment names, unparsed: an unset or empty variable names nothing. */
export function settingsFromEnvironment(
  environment: Record<string, string | undefined>,
): Partial<SettingsInput> {
  const named = settingNames.flatMap((name) => {
    const written = environment[environmentName(name)]
    return written === undefined || written === "" ? [] : [[name, written] as const]
  })
  return Object.fromEntries(named)
}
