import { z } from "zod"

const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""))

/** A token that may be left out; an empty one counts as left out. */
const optionalToken = z
  .string()
  .optional()
  .transform((token) => (token === undefined || token === "" ? null : token))

const environmentSchema = z.object({
  UPSTASH_REDIS_REST_URL: z.url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  TRIBUTARY_SECRET: z.string().min(32),
  /** Where streamers reach the edge. */
  EDGE_URL: address,
  /** Where players are redirected to. */
  STREAMER_ADDRESS: address,
  /** Where the edge calls this streamer. */
  STREAMER_INTERNAL_ADDRESS: address.optional(),
  STREAMER_PORT: z.coerce.number().int().min(0).max(65_535).default(8090),
  STREAMER_HOST: z.string().min(1).default("0.0.0.0"),
  /** Two letters of a continent, as Cloudflare's `cf.continent`. */
  STREAMER_REGION: z.string().default(""),
  /** With so many viewers it is full: others are sent elsewhere. 0: it takes as many as come. */
  STREAMER_MAX_VIEWERS: z.coerce.number().int().min(0).default(0),
  /** Of the streams API (`X-API-Token`); without it nobody may use that. */
  API_TOKEN: optionalToken,
  /** Of `/metrics`; without it everybody may read them. */
  METRICS_TOKEN: optionalToken,
  OBFUSCATE_URLS: z.enum(["true", "false"]).default("true"),
  DEBUG: z.enum(["true", "false"]).default("false"),
})

export type Config = z.output<typeof environmentSchema>

export type ConfigResult = { ok: true; config: Config } | { ok: false; message: string }

/** Reads the environment; a bad variable is named with the reason. */
export function readConfig(environment: NodeJS.ProcessEnv): ConfigResult {
  const parsed = environmentSchema.safeParse(environment)
  if (parsed.success) return { ok: true, config: parsed.data }
  const issue = parsed.error.issues[0]
  return { ok: false, message: `${issue?.path.join(".")}: ${issue?.message}` }
}
