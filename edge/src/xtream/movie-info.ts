import { categoryId } from "@tributary/shared/catalogue/category-id"
import type { MovieDetails } from "@tributary/shared/catalogue/details"
import type { Locator } from "@tributary/shared/catalogue/entry"
import type { FoundChannel } from "../snapshot/snapshot-reader.ts"
import { clock, numberOr, titleInfo } from "./title-info.ts"

/** The answer to `get_vod_info`; `base` is where our logos are. Without details it says what the list says. */
export function movieInfo(found: FoundChannel, details: MovieDetails | null, base: string): unknown {
  const { picture, info } = titleInfo(found, details, base)
  const { id, channel } = found
  const categories = channel.groups.map(categoryId)
  const durationSeconds = details?.durationSeconds ?? 0
  return {
    info: {
      ...info,
      cover_big: picture,
      movie_image: picture,
      actors: info.cast,
      description: info.plot,
      mpaa_rating: info.age,
      duration_secs: durationSeconds,
      duration: clock(durationSeconds),
      episode_run_time: Math.round(durationSeconds / 60),
      bitrate: details?.bitrate ?? 0,
      rating: numberOr(details?.rating, 0),
      kinopoisk_url: "",
      rating_count_kinopoisk: 0,
      subtitles: [],
    },
    movie_data: {
      stream_id: Number(id),
      name: channel.name,
      ...{ title: info.title, year: info.year },
      added: details?.added ?? "0",
      category_id: categories[0] ?? "0",
      category_ids: categories.map(Number),
      container_extension: details?.extension ?? extensionOf(channel.feeds[0]?.locator) ?? "mp4",
      custom_sid: "",
      direct_source: "",
    },
  }
}

function extensionOf(locator: Locator | undefined): string | undefined {
  if (locator?.kind === "xtream") return locator.extension || undefined
  return /\.([a-z0-9]{2,4})(?:[?#]|$)/i.exec(locator?.template ?? "")?.[1]
}
