import { z } from "zod"

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
  OBFUSCATE_URLS?: string
  DEBUG?: string
}

const bindingsSchema = z.object({
  UPSTASH_REDIS_REST_URL: z.url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  TRIBUTARY_SECRET: z.string().min(32),
  ADMIN_TOKEN: z.string().min(1),
  METRICS_TOKEN: z.string().min(1).optional(),
  BASE_URL: z.url().transform((url) => url.replace(/\/+$/, "")),
  OBFUSCATE_URLS: z.enum(["true", "false"]).default("true"),
  DEBUG: z.enum(["true", "false"]).default("false"),
})

export type EdgeConfig = z.output<typeof bindingsSchema>

/** Checks vars and secrets; throws an error that names the first bad one. */
export function readBindings(bindings: Bindings): EdgeConfig {
  const parsed = bindingsSchema.safeParse(bindings)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Error(`${issue?.path.join(".") ?? "bindings"}: ${issue?.message ?? "not valid"}`)
}
