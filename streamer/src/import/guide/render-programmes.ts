import type { GuideProgramme } from "@tributary/shared/catalogue/entry"
import { placeholder } from "@tributary/shared/snapshot/m3u-template"
import { escapeXml, unescapeXml } from "./entities.ts"
import type { GuideBlock } from "./match-guides.ts"
import type { PlacedProgramme } from "./merge-programmes.ts"
import {
  descriptionOf,
  languageOf,
  recordBytes,
  recordHeadBytes,
  startOf,
  stopOf,
  titleOf,
} from "./record.ts"
import type { ScratchBytes } from "./scratch-bytes.ts"
import { xmltvTime } from "./xmltv-time.ts"

const end = Buffer.from("</programme>\n")

/** Whether a channel's logo is one that we serve: a placeholder, as in a playlist. */
export const isOwnLogo = (icon: string) =>
  icon.charCodeAt(0) === placeholder.logoStart && /^\d+$/.test(icon.slice(1))

/** Adds a block's `channel` element; `guideIcon` stands in for a logo that it does not have. */
export function writeChannel(out: ScratchBytes, { epgId, name, icon }: GuideBlock, guideIcon: string): void {
  const address = isOwnLogo(icon) ? icon : escapeXml(clean(icon || guideIcon))
  const element = address === "" ? "" : `<icon src="${address}"/>`
  out.text(`<channel id="${escapeXml(clean(epgId))}"><display-name>${escapeXml(clean(name))}</display-name>`)
  out.text(`${element}</channel>\n`)
}

/** Adds programmes as XMLTV. */
export function writeProgrammes(
  out: ScratchBytes,
  { epgId, shiftMinutes }: GuideBlock,
  programmes: readonly PlacedProgramme[],
): void {
  const channel = escapeXml(clean(epgId))
  for (const { records, at } of programmes) {
    const start = xmltvTime(startOf(records, at) + shiftMinutes * 60)
    const stop = xmltvTime(stopOf(records, at) + shiftMinutes * 60)
    out.text(`<programme start="${start}" stop="${stop}" channel="${channel}">`)
    out.copy(records, at + recordHeadBytes, at + recordBytes(records, at))
    out.copy(end, 0, end.length)
  }
}

/** The same for players of Xtream lists: JSON of `GuideProgramme[]`. */
export function programmesAsJson(shiftMinutes: number, programmes: readonly PlacedProgramme[]): string {
  const listed = programmes.map(
    ({ records, at }): GuideProgramme => ({
      start: startOf(records, at) + shiftMinutes * 60,
      stop: stopOf(records, at) + shiftMinutes * 60,
      title: unescapeXml(titleOf(records, at)),
      description: unescapeXml(descriptionOf(records, at)),
      language: languageOf(records, at),
    }),
  )
  return JSON.stringify(listed)
}

/** Names come from users and playlists, which may hold what XML forbids. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\uFFFE\uFFFF]/gu, " ").toWellFormed()
}
