import { z } from "zod"

/** The pointer object: which snapshot is current, and all that is needed to find its parts. */
export const manifestSchema = z.object({
  snapshot: z.string(),
  /** Kept for readers that are in the middle of it; null for the first one. */
  previous: z.string().nullable(),
  /** Unix seconds. */
  publishedAt: z.number(),
  /** Of everything in it: two imports of the same catalogue have the same digest. */
  digest: z.string(),
  indexShards: z.number().int().positive(),
  channels: z.number().int(),
  groups: z.array(z.object({ name: z.string(), slug: z.string(), channels: z.number().int() })),
})

export type Manifest = z.output<typeof manifestSchema>
