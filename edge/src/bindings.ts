import { describeIssue } from "@tributary/shared/config/describe-issue"
import * as z from "zod"
import { fleetSetting } from "./fleet/fleet-config.ts"

/** What the Worker is given: the snapshot bucket, the built dashboard, and settings as vars and secrets. */
export interface Bindings {
  SNAPSHOTS: R2Bucket
  ASSETS: Fetcher
  UPSTASH_REDIS_REST_URL: string
  UPSTASH_REDIS_REST_TOKEN: string
  /** At least 32 characters, the same on every tier. */
  TRIBUTARY_SECRET: string
  /** Of the admin API and the dashboard. */
  ADMIN_TOKEN: string
  /** Of `/metrics`, which the admin token opens too. */
  METRICS_TOKEN?: string
  /** Base of generated links, without a slash at its end. */
  BASE_URL: string
  /** "false" where no proxy sets `CF-Connecting-IP`, so that clients could: "npm start". */
  TRUST_CF_CONNECTING_IP?: string
  OBFUSCATE_URLS?: string
  DEBUG?: string
  /** JSON text: the ECS services that are scaled on load (`fleet/fleet-config.ts`). Without it none is. */
  FLEET?: string
  /** Of a user who may look at these services and set their desired count, and nothing else. */
  AWS_ACCESS_KEY_ID?: string
  AWS_SECRET_ACCESS_KEY?: string
  /** Where ECS is instead of at AWS: in tests. */
  ECS_ENDPOINT?: string
  /** Below it streamers have names of their own, whose DNS records are deleted when they are gone. */
  STREAMER_DOMAIN?: string
  /** Of a token that may edit the records of the zone that `STREAMER_DOMAIN` is in. */
  CLOUDFLARE_API_TOKEN?: string
  CLOUDFLARE_ZONE_ID?: string
  CLOUDFLARE_API_URL?: string
}

const withoutSlash = z.url().transform((url) => url.replace(/\/+$/, ""))

const bindingsSchema = z
  .object({
    UPSTASH_REDIS_REST_URL: z.url(),
    UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
    TRIBUTARY_SECRET: z.string().min(32),
    ADMIN_TOKEN: z.string().min(1),
    METRICS_TOKEN: z.string().min(1).optional(),
    BASE_URL: withoutSlash,
    TRUST_CF_CONNECTING_IP: z.enum(["true", "false"]).default("true"),
    OBFUSCATE_URLS: z.enum(["true", "false"]).default("true"),
    DEBUG: z.enum(["true", "false"]).default("false"),
    FLEET: fleetSetting.optional(),
    AWS_ACCESS_KEY_ID: z.string().min(1).optional(),
    AWS_SECRET_ACCESS_KEY: z.string().min(1).optional(),
    ECS_ENDPOINT: withoutSlash.optional(),
    STREAMER_DOMAIN: z.hostname().optional(),
    CLOUDFLARE_API_TOKEN: z.string().min(1).optional(),
    CLOUDFLARE_ZONE_ID: z.string().min(1).optional(),
    CLOUDFLARE_API_URL: withoutSlash.default("https://api.cloudflare.com/client/v4"),
  })
  .superRefine((bindings, context) => {
    for (const [setting, needed] of needs)
      if (bindings[setting] !== undefined && bindings[needed] === undefined)
        context.addIssue({ code: "custom", path: [needed], message: `must be set, because ${setting} is` })
  })

// What the first one says can only be done with the second one.
const needs = [
  ["FLEET", "AWS_ACCESS_KEY_ID"],
  ["FLEET", "AWS_SECRET_ACCESS_KEY"],
  ["STREAMER_DOMAIN", "CLOUDFLARE_API_TOKEN"],
  ["STREAMER_DOMAIN", "CLOUDFLARE_ZONE_ID"],
] as const

export type EdgeConfig = z.output<typeof bindingsSchema>

/** Checks vars and secrets; throws an error that names the first bad one. */
export function readBindings(bindings: Bindings): EdgeConfig {
  const parsed = bindingsSchema.safeParse(bindings)
  if (parsed.success) return parsed.data
  throw new Error(describeIssue(parsed.error))
}
