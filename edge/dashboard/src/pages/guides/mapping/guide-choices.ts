import type { GuideChannels } from "@tributary/shared/admin-api/epg"
import { count } from "../../../parts/figures.ts"

/** A guide's channel id to choose, and what is known of it. */
export interface GuideChoice {
  id: string
  words: string
}

/** Each id once, though more than one guide may have it: with its names, whose guides have it and how much they have. */
export function choicesOf({ channels }: GuideChannels): GuideChoice[] {
  const byId = Map.groupBy(channels, ({ id }) => id)
  return [...byId].map(([id, same]) => {
    const names = new Set(same.flatMap((channel) => channel.names))
    const owners = same.map(({ source, programmes }) =>
      [source ?? "own guide", `${count(programmes)} programmes`].join(": "),
    )
    return { id, words: [[...names].join(", "), ...owners].filter((text) => text !== "").join(" · ") }
  })
}
