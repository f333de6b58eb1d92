import * as z from "zod"
import { keys } from "../store/keys.ts"
import type { RunScript } from "./scripts.ts"

const profileStatusSchema = z.object({
  id: z.string(),
  name: z.string(),
  primary: z.boolean(),
  enabled: z.boolean(),
  /** Lowest first. */
  priority: z.number(),
  /** Connections that we hold. */
  active: z.number(),
  /** The lower of the manual limit and the provider's; null: none. */
  max: z.number().nullable(),
  /** Connections that the provider counts and that we do not hold. */
  elsewhere: z.number(),
  /** How many more may be opened; null: no limit. */
  room: z.number().nullable(),
  /** Why it cannot be used: disabled, expired, banned, wrong_password, refused, recovering; null: it can. */
  reason: z.string().nullable(),
  /** What the provider said last; null: it was not asked yet. Times are Unix milliseconds. */
  status: z.string().nullable(),
  expiresAt: z.number().nullable(),
  reportedAt: z.number().nullable(),
  activeConnections: z.number().nullable(),
})

const poolSchema = z.object({
  profiles: z
    .array(profileStatusSchema)
    .nullable()
    .transform((profiles) => profiles ?? []),
})

export type ProfileStatus = z.output<typeof profileStatusSchema>

/** How full each profile of a source is, by admission's own rules (`pool.lua`); null: there is no such source. */
export async function readPool(run: RunScript, source: string): Promise<ProfileStatus[] | null> {
  const reply = await run(
    "pool",
    [keys.sources, keys.leases(source), keys.reports(source), keys.recovering],
    [source],
  )
  return reply === "" ? null : poolSchema.parse(JSON.parse(reply)).profiles
}
