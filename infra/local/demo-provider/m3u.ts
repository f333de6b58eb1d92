import { type DemoChannel, demoMovie } from "./channels.ts"

const entryOf = (channel: DemoChannel, baseUrl: string): string =>
  `#EXTINF:-1 tvg-id="${channel.tvgId}" tvg-name="${channel.name}" tvg-logo="${baseUrl}/logo/${channel.id}.svg"` +
  `${channel.recipe.picture === null ? ' radio="true"' : ""} group-title="${channel.group}",${channel.name}`

export type M3uOptions = { username: string; password: string; output: "ts" | "m3u8"; plus: boolean }

/** What `get.php` gives: `plus` is `m3u_plus`, with attributes; otherwise only names. */
export function accountM3u(channels: DemoChannel[], baseUrl: string, options: M3uOptions): string {
  const account = `${encodeURIComponent(options.username)}/${encodeURIComponent(options.password)}`
  const guide = `${baseUrl}/xmltv.php?username=${encodeURIComponent(options.username)}&password=${encodeURIComponent(options.password)}`
  const lines = [options.plus ? `#EXTM3U x-tvg-url="${guide}" url-tvg="${guide}"` : "#EXTM3U"]
  for (const channel of channels)
    lines.push(
      options.plus ? entryOf(channel, baseUrl) : `#EXTINF:-1,${channel.name}`,
      `${baseUrl}/live/${account}/${channel.id}.${options.output}`,
    )
  lines.push(
    options.plus
      ? `#EXTINF:-1 tvg-id="" tvg-name="${demoMovie.name}" tvg-logo="${baseUrl}/logo/${demoMovie.id}.svg" group-title="Movies on demand",${demoMovie.name}`
      : `#EXTINF:-1,${demoMovie.name}`,
    `${baseUrl}/movie/${account}/${demoMovie.id}.mp4`,
  )
  return `${lines.join("\n")}\n`
}

/** A list of addresses that need no account and have no limit. */
export function freeM3u(channels: DemoChannel[], baseUrl: string): string {
  const lines = [`#EXTM3U x-tvg-url="${baseUrl}/xmltv.php"`]
  for (const channel of channels) lines.push(entryOf(channel, baseUrl), `${baseUrl}/free/${channel.id}.ts`)
  return `${lines.join("\n")}\n`
}
