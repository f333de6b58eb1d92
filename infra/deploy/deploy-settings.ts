import { describeIssue } from "@tributary/shared/config/describe-issue"
import { z } from "zod"

const url = z.url({ protocol: /^https?$/, error: "must be an https:// URL" })

/** What the settings file may have. An unknown name is an error, as it is likely a mistyped one. */
const settingsSchema = z.strictObject({
  BASE_URL: url.transform((text) => text.replace(/\/+$/, "")).optional(),
  OBFUSCATE_URLS: z.enum(["true", "false"]).optional(),
  DEBUG: z.enum(["true", "false"]).optional(),
  /** As the CDK stack's output says it. */
  FLEET: z
    .string()
    .refine((text) => isArray(text), "must be a JSON array")
    .optional(),
  STREAMER_DOMAIN: z.hostname().optional(),
  CLOUDFLARE_ZONE_ID: z.string().optional(),
  UPSTASH_REDIS_REST_URL: url.optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  TRIBUTARY_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  ADMIN_TOKEN: z.string().optional(),
  METRICS_TOKEN: z.string().optional(),
  CLOUDFLARE_API_TOKEN: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
})

export type DeploySettings = z.output<typeof settingsSchema>
export type SettingName = keyof DeploySettings

/** Shown to whoever looks at the Worker's settings at Cloudflare. */
export const varNames = [
  "BASE_URL",
  "OBFUSCATE_URLS",
  "DEBUG",
  "FLEET",
  "STREAMER_DOMAIN",
  "CLOUDFLARE_ZONE_ID",
] as const satisfies readonly SettingName[]

/** Without these the Worker does not work: `secrets.required` of `edge/wrangler.jsonc`. */
export const requiredSecrets = [
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "TRIBUTARY_SECRET",
  "ADMIN_TOKEN",
] as const satisfies readonly SettingName[]

export const secretNames = [
  ...requiredSecrets,
  "METRICS_TOKEN",
  "CLOUDFLARE_API_TOKEN",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
] as const satisfies readonly SettingName[]

export type SecretName = (typeof secretNames)[number]

export type SettingsResult = { ok: true; settings: DeploySettings } | { ok: false; problem: string }

/** Reads the settings file's variables; an empty one counts as missing. `problem` begins with the variable's name. */
export function readDeploySettings(variables: Record<string, string | undefined>): SettingsResult {
  const set = Object.fromEntries(Object.entries(variables).filter(([, text]) => text !== ""))
  const parsed = settingsSchema.safeParse(set)
  return parsed.success
    ? { ok: true, settings: parsed.data }
    : { ok: false, problem: describeIssue(parsed.error) }
}

/** What goes together: the first setting that another one needs and that is nowhere; null: nothing is missing. */
export function missingCompanion(
  settings: DeploySettings,
  onWorker: ReadonlySet<string>,
): { name: SettingName; neededFor: SettingName } | null {
  const needs: [SettingName, SettingName[]][] = [
    ["FLEET", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]],
    ["STREAMER_DOMAIN", ["CLOUDFLARE_ZONE_ID", "CLOUDFLARE_API_TOKEN"]],
  ]
  for (const [neededFor, names] of needs) {
    if (settings[neededFor] === undefined) continue
    const name = names.find((each) => settings[each] === undefined && !onWorker.has(each))
    if (name !== undefined) return { name, neededFor }
  }
  return null
}

function isArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}
