import type { TitleDetails } from "@tributary/shared/catalogue/details"
import { titleAndYear } from "@tributary/shared/catalogue/title-and-year"
import type { FoundChannel } from "../snapshot/snapshot-reader.ts"

/** What a movie's and a series' answer say alike, in a panel's words; unknown is empty. */
export function titleInfo({ id, channel }: FoundChannel, details: TitleDetails | null, base: string) {
  const releaseDate = details?.releaseDate ?? ""
  const ownLogo = channel.logo === undefined ? "" : `${base}/logo/${id}`
  return {
    picture: details?.picture ?? ownLogo,
    info: {
      // The list's name: the user may have changed it.
      name: channel.name,
      ...titleAndYear(channel.name, releaseDate),
      o_name: details?.originalName ?? details?.name ?? channel.name,
      plot: details?.plot ?? "",
      cast: details?.cast ?? "",
      director: details?.director ?? "",
      genre: details?.genre ?? "",
      country: details?.country ?? "",
      age: details?.ageRating ?? "",
      release_date: releaseDate,
      releasedate: releaseDate,
      youtube_trailer: details?.trailer ?? "",
      tmdb_id: numberOr(details?.tmdbId, ""),
      backdrop_path: details?.backdrops ?? [],
    },
  }
}

/** A number where the panel wrote one. */
export function numberOr<T>(text: string | undefined, otherwise: T): number | T {
  const number = Number(text)
  return text === undefined || !Number.isFinite(number) ? otherwise : number
}

/** `HH:MM:SS` */
export function clock(seconds: number): string {
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":")
}
