import { catchupEntry } from "./catchup-entry.ts"
import type { DemoChannel } from "./channels.ts"
import { demoMovies, demoSeries, episodeName, movieCategoryNames, seriesCategoryNames } from "./titles.ts"

const entryOf = (channel: DemoChannel, baseUrl: string, attributes = ""): string =>
  `#EXTINF:-1 tvg-id="${channel.tvgId}" tvg-name="${channel.name}" tvg-logo="${baseUrl}/logo/${channel.id}.svg"` +
  `${channel.recipe.picture === null ? ' radio="true"' : ""} group-title="${channel.group}"${attributes},${channel.name}`

export type M3uOptions = { username: string; password: string; output: "ts" | "m3u8"; plus: boolean }

/** Panels do not escape what they put between quotes. */
function titleEntry(name: string, id: number, group: string, baseUrl: string, { plus }: M3uOptions): string {
  if (!plus) return `#EXTINF:-1,${name}`
  return `#EXTINF:-1 tvg-id="" tvg-name="${name}" tvg-logo="${baseUrl}/logo/${id}.svg" group-title="${group}",${name}`
}

/** What `get.php` gives: `plus` is `m3u_plus`, with attributes; otherwise only names. */
export function accountM3u(channels: DemoChannel[], baseUrl: string, options: M3uOptions): string {
  const account = `${encodeURIComponent(options.username)}/${encodeURIComponent(options.password)}`
  const guide = `${baseUrl}/xmltv.php?username=${encodeURIComponent(options.username)}&password=${encodeURIComponent(options.password)}`
  const lines = [options.plus ? `#EXTM3U x-tvg-url="${guide}" url-tvg="${guide}"` : "#EXTM3U"]
  for (const channel of channels) {
    const { attributes, address } = catchupEntry(channel, baseUrl, account)
    lines.push(
      options.plus ? entryOf(channel, baseUrl, attributes) : `#EXTINF:-1,${channel.name}`,
      (options.plus && address) || `${baseUrl}/live/${account}/${channel.id}.${options.output}`,
    )
  }
  const file = (kind: "movie" | "series", { id, extension }: { id: number; extension: string }) =>
    `${baseUrl}/${kind}/${account}/${id}.${extension}`
  for (const movie of demoMovies) {
    const group = movieCategoryNames[movie.categories[0] ?? ""] ?? ""
    lines.push(titleEntry(movie.name, movie.id, group, baseUrl, options), file("movie", movie))
  }
  for (const series of demoSeries)
    for (const episode of series.episodes) {
      const group = seriesCategoryNames[series.category] ?? ""
      const entry = titleEntry(episodeName(series, episode), series.id, group, baseUrl, options)
      lines.push(entry, file("series", episode))
    }
  return `${lines.join("\n")}\n`
}

/** A list of addresses that need no account and have no limit. */
export function freeM3u(channels: DemoChannel[], baseUrl: string): string {
  const lines = [`#EXTM3U x-tvg-url="${baseUrl}/xmltv.php"`]
  for (const channel of channels) lines.push(entryOf(channel, baseUrl), `${baseUrl}/free/${channel.id}.ts`)
  return `${lines.join("\n")}\n`
}
