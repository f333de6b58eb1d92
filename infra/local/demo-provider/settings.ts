import { z } from "zod"
import { isTimeZone } from "./panel-clock.ts"

const startAt = z.enum(["keyframe", "packet", "mid-packet"])
const whenFull = z.union([z.int().min(400).max(599), z.enum(["accept-then-close", "replace-oldest"])])

const timeZone = z.string().refine(isTimeZone, "no time zone of the IANA's")
const timeshift = z.enum(["both", "path", "query", "none"])
const hlsEncryption = z.enum(["none", "aes-128", "aes-128-iv"])

export const settingsSchema = z.strictObject({
  /** What a full account gets: a status with an empty body, or one of the other habits of panels. */
  whenFull: whenFull.default(403),
  /** A slot stays taken for this long after its socket closed, as with panels that notice late. */
  releaseLagMs: z.number().min(0).default(0),
  /** Where in the stream a live connection starts. */
  startAt: startAt.default("keyframe"),
  startAtByChannel: z.record(z.string(), startAt).default({}),
  /** Live addresses answer 302 to another path with a token, as panels do to balance load. */
  redirect: z.boolean().default(false),
  hlsWindow: z.int().min(2).max(100).default(6),
  /** "aes-128-iv" names a vector for each segment, "aes-128" leaves it to the segment's number. */
  hlsEncryption: hlsEncryption.default("none"),
  /** Each so many segments times and counters jump, as where panels splice programmes; 0 for never. */
  hlsDiscontinuityEvery: z.int().min(0).default(0),
  /** Addresses in playlists have a token that lasts so long, another one with each load; 0 for none. */
  hlsTokenSeconds: z.number().min(0).default(0),
  /** Of the panel's clock. Not UTC, so that who takes it for that is found out. */
  timeZone: timeZone.default("Europe/Berlin"),
  /** In which of Xtream's forms the past may be asked for; the others are unknown addresses. */
  timeshift: timeshift.default("both"),
  /** Playlists of the past say that they are complete, as not all of them do. */
  pastEndlist: z.boolean().default(true),
  /** A live connection whose client leaves more than this unread is dropped. */
  maxUnreadBytes: z
    .int()
    .min(65_536)
    .default(4 * 1024 * 1024),
})
export type Settings = z.infer<typeof settingsSchema>

/** Without defaults, so that what a change does not name stays as it is. */
export const settingsChangeSchema = z.strictObject({
  whenFull: whenFull.optional(),
  releaseLagMs: z.number().min(0).optional(),
  startAt: startAt.optional(),
  startAtByChannel: z.record(z.string(), startAt).optional(),
  redirect: z.boolean().optional(),
  hlsWindow: z.int().min(2).max(100).optional(),
  hlsEncryption: hlsEncryption.optional(),
  hlsDiscontinuityEvery: z.int().min(0).optional(),
  hlsTokenSeconds: z.number().min(0).optional(),
  timeZone: timeZone.optional(),
  timeshift: timeshift.optional(),
  pastEndlist: z.boolean().optional(),
  maxUnreadBytes: z.int().min(65_536).optional(),
})
export type SettingsChange = z.infer<typeof settingsChangeSchema>

const accountFields = {
  password: z.string(),
  maxConnections: z.int().min(0),
  status: z.enum(["Active", "Expired", "Banned", "Disabled"]),
  /** Seconds since 1970, or null for never. */
  expiresAt: z.int().nullable(),
  isTrial: z.boolean(),
}

export const accountSchema = z.strictObject({
  username: z.string().min(1),
  password: accountFields.password,
  maxConnections: accountFields.maxConnections.default(1),
  status: accountFields.status.default("Active"),
  expiresAt: accountFields.expiresAt.default(null),
  isTrial: accountFields.isTrial.default(false),
})
export type Account = z.infer<typeof accountSchema>
export type AccountInput = z.input<typeof accountSchema>

export const accountChangeSchema = z.strictObject(accountFields).partial()
export type AccountChange = z.infer<typeof accountChangeSchema>

/** Applies only what the change names. */
export function changed<T extends object>(before: T, change: { [K in keyof T]?: T[K] | undefined }): T {
  const named = Object.entries(change).filter(([, value]) => value !== undefined)
  return { ...before, ...Object.fromEntries(named) }
}

/** Panels report an account whose time is over as expired without anyone setting it. */
export function statusOf(account: Account, nowMs: number): Account["status"] {
  const over = account.expiresAt !== null && account.expiresAt * 1000 <= nowMs
  return account.status === "Active" && over ? "Expired" : account.status
}
