import * as z from "zod"

const perTask = z.int().positive()

const fleetSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9-]{1,32}$/, "must be 1 to 32 of a-z, 0-9 and -"),
    /** As streamers register it and as Cloudflare names it in `cf.continent`. */
    continent: z.enum(["AF", "AN", "AS", "EU", "NA", "OC", "SA"]),
    awsRegion: z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "must be like eu-central-1"),
    cluster: z.string().min(1),
    service: z.string().min(1),
    /** Tasks that run even when nobody watches; 0: the first request starts one. */
    minimum: z.int().min(0),
    maximum: z.int().min(1),
    viewersPerTask: perTask,
    bitsPerSecondPerTask: perTask,
    transcodesPerTask: perTask,
  })
  .refine(({ minimum, maximum }) => minimum <= maximum, {
    path: ["minimum"],
    message: "must be at most the maximum",
  })

/** The streamers of one region: an ECS service, how many tasks it may have, and what one of them carries. */
export type Fleet = z.output<typeof fleetSchema>

const fleetsSchema = z.array(fleetSchema).superRefine((fleets, context) => {
  for (const [at, { name }] of fleets.entries())
    if (fleets.findIndex((fleet) => fleet.name === name) < at)
      context.addIssue({ code: "custom", path: [at, "name"], message: `"${name}" is taken by another fleet` })
})

/** The setting `FLEET`: JSON text of a list of fleets. An issue's path leads into it: `FLEET[0].maximum`. */
export const fleetSetting = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: "custom", message: "must be JSON" })
      return z.NEVER
    }
  })
  .pipe(fleetsSchema)
