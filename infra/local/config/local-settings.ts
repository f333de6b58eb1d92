import { resolve } from "node:path"
import { describeIssue } from "@tributary/shared/config/describe-issue"
import {
  environmentName,
  type SettingName,
  type SettingsInput,
  settingsFromEnvironment,
  settingsSchema,
} from "@tributary/shared/config/settings"
import { z } from "zod"
import { SettingError } from "../setting-error.ts"

const port = (fallback: number) =>
  z.coerce
    .number("must be a port number")
    .int("must be a port number")
    .min(1, "must be a port number")
    .max(65_535, "must be a port number")
    .default(fallback)

const environmentSchema = z.object({
  PORT: port(8080),
  BASE_URL: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" }).optional(),
  HOST: z.string().min(1).default("0.0.0.0"),
  STREAMERS: z.coerce
    .number("must be a number of streamers")
    .int("must be a number of streamers")
    .min(1, "must be at least 1")
    .max(64, "must be at most 64")
    .default(1),
  STREAMER_PORT: port(8090),
  REDIS_PORT: port(6390),
  GATEWAY_PORT: port(8079),
  DEMO_PORT: port(8099),
  UPSTASH_REDIS_REST_URL: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" })
    .optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default(".tributary"),
  CONFIG_FILE: z.string().min(1).optional(),
  SOURCES: z.string().min(1).optional(),
  ADMIN_TOKEN: z.string().min(1).optional(),
  METRICS_TOKEN: z.string().min(1).optional(),
  SSDP: z.enum(["true", "false"], "must be true or false").default("false"),
})

export interface LocalSettings {
  port: number
  host: string
  /** Without a slash at its end. */
  baseUrl: string
  streamerPorts: number[]
  redisPort: number
  gatewayPort: number
  demoPort: number
  /** A real Upstash database in place of the local one. */
  upstash: { url: string; token: string } | null
  dataDir: string
  configFile: string | null
  sources: string | null
  adminToken: string | null
  /** Of the metrics; null: the streamers' are open to all, and the edge's to the admin. */
  metricsToken: string | null
  /** Whether the local network is told of the viewer's tuner, and so of the viewer's login. */
  ssdp: boolean
  /** Settings that the environment names. */
  named: Partial<SettingsInput>
}

/** Reads the environment of `npm start`; an empty variable counts as unset. Throws a SettingError. */
export function readLocalSettings(environment: NodeJS.ProcessEnv): LocalSettings {
  const set = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== ""))
  const parsed = environmentSchema.safeParse(set)
  if (!parsed.success) throw new SettingError(describeIssue(parsed.error))
  const read = parsed.data
  if ((read.UPSTASH_REDIS_REST_URL === undefined) !== (read.UPSTASH_REDIS_REST_TOKEN === undefined))
    throw new SettingError("UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN go together")
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = read
  return {
    port: read.PORT,
    host: read.HOST,
    baseUrl: (read.BASE_URL ?? `http://localhost:${read.PORT}`).replace(/\/+$/, ""),
    streamerPorts: Array.from({ length: read.STREAMERS }, (_, index) => read.STREAMER_PORT + index),
    redisPort: read.REDIS_PORT,
    gatewayPort: read.GATEWAY_PORT,
    demoPort: read.DEMO_PORT,
    upstash: url === undefined || token === undefined ? null : { url, token },
    dataDir: resolve(read.DATA_DIR),
    configFile: read.CONFIG_FILE ?? null,
    sources: read.SOURCES ?? null,
    adminToken: read.ADMIN_TOKEN ?? null,
    metricsToken: read.METRICS_TOKEN ?? null,
    ssdp: read.SSDP === "true",
    named: namedSettings(set),
  }
}

function namedSettings(environment: Record<string, string | undefined>): Partial<SettingsInput> {
  const named = settingsFromEnvironment(environment)
  const parsed = settingsSchema.safeParse(named)
  if (parsed.success) return named
  const [issue] = parsed.error.issues
  throw new SettingError(`${environmentName(issue?.path[0] as SettingName)}: ${issue?.message}`)
}
