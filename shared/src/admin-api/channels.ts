import * as z from "zod"
import { channelEditSchema } from "../catalogue/edit.ts"
import { list, record, text, wholeNumber } from "../config/fields.ts"

const mostAtOnce = 5_000
const highestNumber = 999_999
const kind = z.enum(["live", "movie", "series", "episode"])
const edit = channelEditSchema.nullable().describe("What users changed of it; null: nothing.")

/** Body of `PATCH /api/channels`: the same change of many, or numbers that count up. */
export const bulkEditSchema = record({
  ids: list(text(20))
    .min(1, "must name a channel")
    .max(mostAtOnce, `must have at most ${mostAtOnce} entries`),
  edit: channelEditSchema.optional().describe("May be left out where they are numbered."),
  numberFrom: wholeNumber(0)
    .optional()
    .describe("The first one has this number, the next ones in their order the next ones."),
}).superRefine(({ ids, edit, numberFrom }, context) => {
  if (edit === undefined && numberFrom === undefined)
    context.addIssue({ code: "custom", path: ["edit"], message: "is missing" })
  if ((numberFrom ?? 0) + ids.length - 1 > highestNumber)
    context.addIssue({
      code: "custom",
      path: ["numberFrom"],
      message: `must end at ${highestNumber} at most`,
    })
})

const feed = z.object({
  id: z.string(),
  source: z.string(),
  name: z.string().describe("As the source has it."),
})

const channel = z.object({
  id: z.string(),
  kind,
  name: z.string(),
  groups: z.array(z.string()),
  tvgId: z.string().describe("As in the playlist; empty when there is none."),
  logo: z.string().describe("Address of a picture; empty when there is none."),
  number: z.number().nullable(),
  feeds: z.array(feed).describe("In failover order."),
  hidden: z.boolean(),
  guide: z.boolean().describe("Whether the guide has programmes for it."),
})

/** A row of `GET /api/channels`. */
export const channelRowSchema = channel.extend({ edit })

export const channelPageSchema = z.object({
  total: z.number().describe("Of all that are asked for, not only of this page."),
  offset: z.number(),
  limit: z.number(),
  channels: z.array(channelRowSchema),
})

const health = z.object({
  failures: z.number(),
  blocks: z.number().describe("How often it has been blocked since it last opened."),
  blockedUntil: z.number().describe("Unix milliseconds."),
})

const feedState = feed.extend({
  health: health.nullish().describe("How it has been failing; null: it has not."),
  passedOver: z
    .array(z.object({ profile: z.string(), reason: z.string() }))
    .optional()
    .describe("Provider profiles that cannot open it."),
})

/** `GET /api/channels/{id}`: a row with the state of its feeds, or what is stored of one that is in no snapshot. */
export const channelSchema = z.union([
  channelRowSchema.extend({ feeds: z.array(feedState) }),
  z.object({ id: z.string(), absent: z.literal(true), mergedInto: z.string().nullable(), edit }),
])

/** `PATCH /api/channels/{id}`. */
export const channelEditedSchema = z.object({ id: z.string(), edit })

/** `PATCH /api/channels`. */
export const channelsEditedSchema = z.object({ channels: z.array(channelEditedSchema) })

/** `POST /api/channels/{id}/play`. */
export const playingSchema = z.object({
  url: z.string().describe("Where it can be played, for some hours: HLS of a channel, a file of a movie."),
})

export const channelGroupsSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      slug: z.string().describe("Its part in the address of its playlist."),
      kind,
      entries: z.number(),
    }),
  ),
})

/** `GET /api/channels/{id}/guide`: what is on, and next. Times are Unix seconds. */
export const channelGuideSchema = z.object({
  programmes: z.array(
    z.object({ start: z.number(), stop: z.number(), title: z.string(), description: z.string() }),
  ),
})

export type ChannelRow = z.output<typeof channelRowSchema>
export type ChannelPage = z.output<typeof channelPageSchema>
export type ChannelDetails = z.output<typeof channelSchema>
export type ChannelGroups = z.output<typeof channelGroupsSchema>
export type ChannelGuide = z.output<typeof channelGuideSchema>
export type Playing = z.output<typeof playingSchema>
