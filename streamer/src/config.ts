import { z } from "zod"

const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""))

/** A token that may be left out; an empty one counts as left out. */
const optionalToken = z
  .string()
  .optional()
  .transform((token) => (token === undefined || token === "" ? null : token))

/** What may be left out; empty counts as left out. */
const optional = <Value extends z.ZodType>(value: Value) =>
  z.preprocess((text) => (text === "" ? undefined : text), value.optional())

const domainName = z.hostname().regex(/[a-z]$/, "Not a domain name in lower case")

const environmentSchema = z.object({
  UPSTASH_REDIS_REST_URL: z.url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  TRIBUTARY_SECRET: z.string().min(32),
  /** Where streamers reach the edge. */
  EDGE_URL: address,
  /** Where players are redirected to; with a STREAMER_DOMAIN it is told by that. */
  STREAMER_ADDRESS: optional(address),
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
  /**
   * On SIGTERM it takes nobody new, hands its viewers over and lets films end, for so many seconds at the longest. 0: it
   * closes at once.
   */
  DRAIN_SECONDS: z.coerce.number().int().min(0).max(86_400).default(0),
  /** Each streamer is found under a name of its own in this domain: its record is made at Cloudflare. */
  STREAMER_DOMAIN: optional(domainName),
  CLOUDFLARE_ZONE_ID: optional(z.string().regex(/^[0-9a-z]+$/)),
  CLOUDFLARE_API_TOKEN: optional(z.string()),
  CLOUDFLARE_API_URL: address.default("https://api.cloudflare.com/client/v4"),
  /** PEM text, or the path of a PEM file, which is read again when it changes; without them it speaks plain HTTP. */
  TLS_CERTIFICATE: optional(z.string()),
  TLS_KEY: optional(z.string()),
  /** An address that answers the public IPv4 address of who asks, as text: asked where the task's metadata does not tell. */
  PUBLIC_ADDRESS_LOOKUP: optional(address),
  /** Both set by ECS. */
  ECS_CONTAINER_METADATA_URI_V4: optional(address),
  ECS_AGENT_URI: optional(address),
  OBFUSCATE_URLS: z.enum(["true", "false"]).default("true"),
  DEBUG: z.enum(["true", "false"]).default("false"),
})

export type Config = z.output<typeof environmentSchema>

type Name = keyof Config & string

/** What each of these needs beside it. */
const needs: readonly (readonly [name: Name, needed: readonly Name[]])[] = [
  ["TLS_CERTIFICATE", ["TLS_KEY"]],
  ["TLS_KEY", ["TLS_CERTIFICATE"]],
  ["STREAMER_DOMAIN", ["CLOUDFLARE_ZONE_ID", "CLOUDFLARE_API_TOKEN", "TLS_CERTIFICATE"]],
]

export type ConfigResult = { ok: true; config: Config } | { ok: false; message: string }

/** Reads the environment; a bad variable is named with the reason. */
export function readConfig(environment: NodeJS.ProcessEnv): ConfigResult {
  const parsed = environmentSchema.safeParse(environment)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return { ok: false, message: `${issue?.path.join(".")}: ${issue?.message}` }
  }
  const config = parsed.data
  for (const [name, needed] of needs) {
    const missing = config[name] === undefined ? undefined : needed.find((each) => config[each] === undefined)
    if (missing !== undefined) return { ok: false, message: `${missing}: needed with ${name}` }
  }
  if (config.STREAMER_ADDRESS === undefined && config.STREAMER_DOMAIN === undefined)
    return { ok: false, message: "STREAMER_ADDRESS: needed without a STREAMER_DOMAIN" }
  return { ok: true, config }
}
