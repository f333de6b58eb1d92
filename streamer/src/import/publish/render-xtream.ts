import { categoryId } from "@tributary/shared/catalogue/category-id"
import { logoTemplate } from "@tributary/shared/snapshot/m3u-template"
import { attribute, type Channel } from "./group-channels.ts"
import { renderByGroup } from "./render-by-group.ts"

/** `get_live_streams` without its brackets: of all channels, and of each group by its name. */
export interface RenderedStreams {
  all: string
  groups: Map<string, string>
}

const between = ",\n"

/** Types and names as panels send them: `category_id` a string, `stream_id` a number. */
export function renderLiveStreams(channels: readonly Channel[]): RenderedStreams {
  const { all, groups } = renderByGroup(channels, (channel, index) => renderStream(channel, index + 1))
  return {
    all: all.join(between),
    groups: new Map([...groups].map(([group, texts]) => [group, texts.join(between)])),
  }
}

// Stands for the placeholder while the rest is escaped; no icon's own text can hold it.
const iconMark = "\u0000icon"

function renderStream(channel: Channel, number: number): string {
  const ids = channel.groups.map(categoryId)
  const text = JSON.stringify({
    num: number,
    name: channel.name,
    stream_type: "live",
    stream_id: Number(channel.id),
    stream_icon: channel.logo === undefined ? (attribute(channel, "tvg-logo") ?? "") : iconMark,
    epg_channel_id: attribute(channel, "tvg-id") || null,
    added: "0",
    is_adult: "0",
    category_id: ids[0] ?? "0",
    category_ids: ids.map(Number),
    custom_sid: "",
    tv_archive: 0,
    direct_source: "",
    tv_archive_duration: 0,
  })
  if (channel.logo === undefined) return text
  return text.replace(JSON.stringify(iconMark), () => `"${logoTemplate(channel.id)}"`)
}
