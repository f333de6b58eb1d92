import type * as z from "zod"
import { anyText, flag, list, record, text, wholeNumber } from "../config/fields.ts"

// It is written into a line of the playlist, which nothing may end.
const line = (maximum: number) =>
  text(maximum).refine(
    (written) => written.trim() !== "" && !/\p{Cc}/u.test(written),
    "must be one line of text",
  )

const picture = anyText()
  .max(2_000, "must have at most 2000 characters")
  .refine(
    (written) => written === "" || (/^https?:\/\/\S+$/iu.test(written) && URL.canParse(written)),
    "must be an http:// or https:// URL, or empty for no logo",
  )

const channelId = anyText().regex(/^[1-9]\d{8,9}$/, "must be a channel id: nine or ten digits")

const distinct = <Item extends z.ZodType<string>>(item: Item, most: number) =>
  list(item)
    .max(most, `must have at most ${most} entries`)
    .superRefine((items, context) => {
      items.forEach((one, index) => {
        if (items.indexOf(one) < index)
          context.addIssue({ code: "custom", path: [index], message: `"${one}" is named twice` })
      })
    })

const minutesOfDay = 24 * 60

/**
 * What a user changed of a channel; stored apart from the catalogue and applied whenever a snapshot is made.
 * Everything that is left out or null is as the sources have it.
 */
export const channelEditSchema = record({
  name: line(500).nullish(),
  hidden: flag().nullish(),
  /** It runs without viewers too, wherever one of its feeds has room. */
  alwaysOn: flag().nullish(),
  /** `tvg-chno`. */
  number: wholeNumber(0).max(999_999, "must be at most 999999").nullish(),
  /** None: the channel is in no group. */
  groups: distinct(line(200), 100).nullish(),
  /** Address of a picture; empty: none. */
  logo: picture.nullish(),
  /** Feed ids that come first, in this order; feeds that are not named follow in their own order. */
  feeds: distinct(text(100), 1_000).nullish(),
  /** Channels whose feeds are feeds of this one. They are no channels of their own while that holds. */
  merge: distinct(channelId, 1_000).nullish(),
  /** Feeds of this channel that are a channel of their own, each with its own id. */
  split: distinct(text(100), 1_000).nullish(),
  /** The guide's channel id whose programmes this channel has, whatever its tvg-id and name say. */
  guideId: line(500).nullish(),
  /** Added to the times of its programmes. */
  guideShiftMinutes: wholeNumber(-minutesOfDay)
    .max(minutesOfDay, `must be at most ${minutesOfDay}`)
    .nullish(),
})

export type ChannelEdit = z.output<typeof channelEditSchema>

/** An edit as it is kept: without keys that change nothing. Null when none is left. */
export function withoutEmptyKeys(edit: ChannelEdit): ChannelEdit | null {
  const kept = Object.entries(edit).filter(([key, value]) => {
    const isNothing = Array.isArray(value) && value.length === 0 && key !== "groups"
    const isUsual = (key === "hidden" || key === "alwaysOn") && value === false
    return value != null && !isNothing && !isUsual
  })
  return kept.length === 0 ? null : (Object.fromEntries(kept) as ChannelEdit)
}

/** An edit with the given keys changed; null removes a key. */
export function changeEdit(edit: ChannelEdit | undefined, change: ChannelEdit): ChannelEdit | null {
  return withoutEmptyKeys({ ...edit, ...change })
}
