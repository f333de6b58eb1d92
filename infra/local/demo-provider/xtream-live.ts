import type { DemoChannel } from "./channels.ts"
import { guideDays, type Programme, programmes } from "./guide.ts"
import { panelTime } from "./panel-clock.ts"

const added = "1735884153"

/** Categories in the order in which the channels name them, from "1". */
export function liveCategories(channels: DemoChannel[]) {
  const groups = [...new Set(channels.map(({ group }) => group))]
  return groups.map((name, index) => ({ category_id: String(index + 1), category_name: name, parent_id: 0 }))
}

export function liveStreams(channels: DemoChannel[], baseUrl: string, categoryId: string | null) {
  const categories = liveCategories(channels)
  const streams = channels.map((channel, index) => {
    const category =
      categories.find(({ category_name }) => category_name === channel.group)?.category_id ?? "0"
    return {
      num: index + 1,
      name: channel.name,
      stream_type: channel.recipe.picture === null ? "radio_streams" : "live",
      stream_id: channel.id,
      stream_icon: `${baseUrl}/logo/${channel.id}.svg`,
      epg_channel_id: channel.tvgId,
      added,
      custom_sid: "",
      tv_archive: channel.catchup === undefined ? 0 : 1,
      direct_source: "",
      tv_archive_duration: channel.catchup?.days ?? 0,
      category_id: category,
      category_ids: [Number(category)],
      thumbnail: "",
    }
  })
  return categoryId === null ? streams : streams.filter(({ category_id }) => category_id === categoryId)
}

const base64 = (text: string) => Buffer.from(text).toString("base64")

function listing(channel: DemoChannel, programme: Programme, timeZone: string) {
  return {
    id: String(programme.id),
    epg_id: String(channel.id),
    title: base64(programme.title),
    lang: "en",
    start: panelTime(programme.startMs, timeZone),
    end: panelTime(programme.stopMs, timeZone),
    description: base64(programme.description),
    channel_id: channel.tvgId,
    start_timestamp: String(programme.startMs / 1000),
    stop_timestamp: String(programme.stopMs / 1000),
  }
}

/** `end` holds a timestamp and `stop` the time here, and only here: panels are like that. */
export function shortEpg(channel: DemoChannel | undefined, limit: number, nowMs: number, timeZone: string) {
  if (!channel) return { epg_listings: [] }
  const next = programmes(channel.id, nowMs, nowMs + limit * 60 * 60 * 1000).slice(0, limit)
  return {
    epg_listings: next.map((programme) => {
      const { end, ...rest } = listing(channel, programme, timeZone)
      return { ...rest, end: rest.stop_timestamp, stop: end }
    }),
  }
}

export function simpleDataTable(channel: DemoChannel | undefined, nowMs: number, timeZone: string) {
  if (!channel) return { epg_listings: [] }
  return {
    epg_listings: guideDays(channel.id, nowMs).map((programme) => ({
      ...listing(channel, programme, timeZone),
      now_playing: programme.startMs <= nowMs && nowMs < programme.stopMs ? 1 : 0,
      has_archive: hasArchive(channel, programme, nowMs) ? 1 : 0,
    })),
  }
}

const dayMs = 24 * 60 * 60 * 1000

function hasArchive({ catchup }: DemoChannel, { startMs, stopMs }: Programme, nowMs: number): boolean {
  return catchup !== undefined && stopMs <= nowMs && startMs >= nowMs - catchup.days * dayMs
}
