import { z } from "zod"

/** Of the program that runs the Worker. */
const settingsSchema = z.object({
  EDGE_HOST: z.string().min(1).default("0.0.0.0"),
  EDGE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** Where snapshots and the cache are kept. */
  EDGE_DATA_DIR: z.string().min(1).default("/data"),
})

/** Vars and secrets that the Worker gets if they are set; it checks them itself (`edge/src/bindings.ts`). */
export const workerBindings = [
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "TRIBUTARY_SECRET",
  "ADMIN_TOKEN",
  "METRICS_TOKEN",
  "BASE_URL",
  "OBFUSCATE_URLS",
  "DEBUG",
] as const

export type EdgeSettingsResult =
  | { ok: true; settings: z.output<typeof settingsSchema>; bindings: Record<string, string> }
  | { ok: false; message: string }

/** Reads the environment; an empty variable counts as unset, and a bad one is named with the reason. */
export function readEdgeSettings(environment: NodeJS.ProcessEnv): EdgeSettingsResult {
  const set = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== ""))
  const parsed = settingsSchema.safeParse(set)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return { ok: false, message: `${issue?.path.join(".")}: ${issue?.message}` }
  }
  const bindings: Record<string, string> = {}
  for (const name of workerBindings) {
    const text = set[name]
    if (text !== undefined) bindings[name] = text
  }
  return { ok: true, settings: parsed.data, bindings }
}
