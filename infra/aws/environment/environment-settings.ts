import { choice, httpUrl, list, text, wholeNumber } from "@tributary/shared/config/fields"
import { refuseDuplicates } from "@tributary/shared/config/refuse-duplicates"
import { z } from "zod"
import { regionSchema } from "./region-settings.ts"
import { settings } from "./settings-record.ts"

// What CloudWatch Logs knows, up to a year.
const retentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365] as const

const imageSchema = settings({
  /** Of a registry that needs no login. `null`: each region's own ECR repository, which its base stack makes. */
  repository: text().nullable().default(null),
  /** Of the release to run; `-c imageTag=…` wins over it. */
  tag: text(128).regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, "must be an image tag"),
})

/** One deployment of the container tier: one or more regions that share their secrets and their edge. */
export const environmentSchema = settings({
  /** Begins the name of everything that is made: cluster, log group, secrets. Each environment has its own. */
  name: text(24).regex(/^[a-z][a-z0-9-]*[a-z0-9]$/, "must be lower-case letters, digits and -"),
  /** Deploys with credentials of another account are refused. Left out: any account will do. */
  account: text()
    .regex(/^\d{12}$/, "must be an account's 12 digits")
    .optional(),
  /** Where streamers reach the edge. */
  edgeUrl: httpUrl(),
  /** Each streamer's name is under it; it lies in the zone, and the wildcard certificate is for it. */
  streamerDomain: text().regex(/^([a-z0-9-]+\.)+[a-z]+$/, "must be a domain name, like streams.example.com"),
  cloudflareZoneId: text().regex(/^[0-9a-f]{32}$/, "must be the 32 hexadecimal digits of a zone"),
  /** Who is told of alarms. Left out: nobody, the topics exist all the same. */
  alarmEmail: z.email("must be an e-mail address").optional(),
  logRetentionDays: z.literal(retentionDays, `must be one of ${retentionDays.join(", ")}`).default(30),
  /** Of CloudWatch, for money; without it there is no alarm for tasks that are missing. */
  containerInsights: choice("off", "on", "enhanced").default("on"),
  image: imageSchema,
  /** One more makes the edge a new access key and ends the old one. */
  edgeKeySerial: wholeNumber(1).default(1),
  /** The first is home: secrets are kept there and copied to the others. */
  regions: list(regionSchema).min(1, "must not be empty"),
}).superRefine(({ regions }, context) => {
  refuseDuplicates(regions, "name", (index) => ["regions", index, "name"], context)
  refuseDuplicates(regions, "awsRegion", (index) => ["regions", index, "awsRegion"], context)
})

/** What an environment may be written as: defaults left out. */
export type EnvironmentInput = z.input<typeof environmentSchema>
export type Environment = z.output<typeof environmentSchema>
