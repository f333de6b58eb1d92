import type { GuideProgramme } from "@tributary/shared/catalogue/entry"
import type { FoundChannel } from "../snapshot/snapshot-reader.ts"

const daySeconds = 86_400

/** A channel's programmes as panels list them all (`get_simple_data_table`). `nowSeconds` tells which one is on. */
export function listings(
  { id, channel }: FoundChannel,
  programmes: readonly GuideProgramme[],
  nowSeconds: number,
) {
  const catchupDays = Math.max(0, ...channel.feeds.map(({ catchup }) => catchup?.days ?? 0))
  const keptFrom = nowSeconds - catchupDays * daySeconds
  return programmes.map(({ start, stop, title, description, language }) => ({
    id: String(start),
    epg_id: id,
    title: base64(title),
    lang: language,
    start: panelTime(start),
    end: panelTime(stop),
    description: base64(description),
    channel_id: id,
    start_timestamp: String(start),
    stop_timestamp: String(stop),
    now_playing: start <= nowSeconds && nowSeconds < stop ? 1 : 0,
    has_archive: start >= keptFrom && stop <= nowSeconds ? 1 : 0,
  }))
}

/** The same as `get_short_epg` has them: there, and only there, panels write Unix seconds as the end. */
export function shortListings(...listed: Parameters<typeof listings>) {
  return listings(...listed).map((row) => ({ ...row, end: row.stop_timestamp, stop: row.end }))
}

/** The programmes from the one that is on, at most so many. */
export function upcoming(
  programmes: readonly GuideProgramme[],
  nowSeconds: number,
  limit: number,
): GuideProgramme[] {
  return programmes.filter(({ stop }) => stop > nowSeconds).slice(0, limit)
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, the time zone that the login answer names. */
export function panelTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 19).replace("T", " ")
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""))
}
