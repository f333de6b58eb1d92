import { z } from "zod"
import { anyText, flag, list, record, text, wholeNumber } from "../config/fields.ts"

/**
 * What a user changed of a channel; stored apart from the catalogue and applied whenever a snapshot is made.
 * Everything that is left out or null is as the sources have it.
 */
export const channelEditSchema = record({
  name: text(500).nullish(),
  hidden: flag().nullish(),
  /** `tvg-chno`. */
  number: wholeNumber(0).nullish(),
  groups: list(text(200)).nullish(),
  /** Address of a picture. */
  logo: anyText().nullish(),
  /** Feed ids that come first, in this order; feeds that are not named follow in their own order. */
  feeds: list(text(100)).nullish(),
  /** Channels whose feeds are feeds of this one. They are no channels of their own while that holds. */
  merge: list(text(20)).nullish(),
  /** Feeds of this channel that are a channel of their own, each with its own id. */
  split: list(text(100)).nullish(),
  /** The guide's channel id whose programmes this channel has, whatever its tvg-id and name say. */
  guideId: text(500).nullish(),
  /** Added to the times of its programmes. */
  guideShiftMinutes: wholeNumber(-24 * 60).nullish(),
})

export type ChannelEdit = z.output<typeof channelEditSchema>
