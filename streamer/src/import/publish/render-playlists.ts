import { slug } from "@tributary/shared/catalogue/slug"
import { addressTemplate, logoTemplate } from "@tributary/shared/snapshot/m3u-template"
import type { Channel } from "./group-channels.ts"
import { renderByGroup } from "./render-by-group.ts"

// R2's keys have at most 1,024 bytes, and a character up to three.
const longestSlug = 200

export interface RenderedGroup {
  name: string
  slug: string
  channels: number
  template: string
}

/** Playlist templates without their head: of all channels, and of each group. */
export interface RenderedPlaylists {
  all: string
  groups: RenderedGroup[]
}

export function renderPlaylists(channels: readonly Channel[]): RenderedPlaylists {
  const { all, groups } = renderByGroup(channels, renderEntry)
  return { all: all.join(""), groups: withSlugs(groups) }
}

/** One channel: an `#EXTINF` line with the attributes in their order, and the address to be filled in. */
export function renderEntry({ id, name, attributes, logo }: Channel): string {
  const written = attributes
    .map(([key, value]) => {
      const clean = attributeName(key)
      const isOwnLogo = logo !== undefined && clean.toLowerCase() === "tvg-logo"
      return clean === "" ? "" : ` ${clean}="${isOwnLogo ? logoTemplate(id) : attributeValue(value)}"`
    })
    .join("")
  return `#EXTINF:-1${written},${withoutControls(name).trim()}\n${addressTemplate(id)}\n`
}

function attributeName(text: string): string {
  return withoutControls(text).replace(/[\s=",]+/g, "")
}

/** No value can end its quotes or its line: a quote becomes an apostrophe. */
function attributeValue(text: string): string {
  return withoutControls(text).replaceAll('"', "'")
}

/** Line breaks and other control characters, which a playlist has no way to escape, become spaces. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
}

/** Groups in alphabetical order; two names with one slug are told apart by a number. */
function withSlugs(groups: ReadonlyMap<string, readonly string[]>): RenderedGroup[] {
  const taken = new Set<string>()
  const names = [...groups.keys()].sort((a, b) => (a < b ? -1 : 1))
  return names.map((name) => {
    const base = slug(name).slice(0, longestSlug).toWellFormed()
    let candidate = base
    for (let number = 2; taken.has(candidate); number++) candidate = `${base}-${number}`
    taken.add(candidate)
    const texts = groups.get(name) ?? []
    return { name, slug: candidate, channels: texts.length, template: texts.join("") }
  })
}
