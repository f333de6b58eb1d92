import type { EntryDetails } from "@tributary/shared/catalogue/entry"
import { type Provider, suffixTemplate, urlTemplate } from "../catalogue/url-template.ts"

type Attributes = readonly (readonly [name: string, value: string])[]
type Catchup = NonNullable<EntryDetails["catchup"]>

const isScheme = /^[a-z][a-z0-9+.-]*:/i
const isNone = /^(?:0|none|no|false|disabled)$/
// As Kodi's IPTV Simple has it where a list does not say.
const usualDays = 5

/**
 * What attributes say of catch-up: `catchup` (or `catchup-type`), `catchup-days`, `tvg-rec` or `timeshift`, and
 * `catchup-source` and `catchup-correction`. What an entry does not say is as the list has it for all. undefined:
 * there is none.
 */
export function catchupOf(entry: Attributes, list: Attributes, provider: Provider): Catchup | undefined {
  const value = (...names: string[]) => firstOf(entry, names) ?? firstOf(list, names)
  const kind = value("catchup", "catchup-type")?.toLowerCase()
  const days = Number.parseInt(value("catchup-days", "tvg-rec", "timeshift") ?? "", 10)
  // `tvg-rec="0"` says that there is none.
  if (kind === undefined ? !(days > 0) : isNone.test(kind) || days <= 0) return undefined
  const source = value("catchup-source")
  const template = source === undefined ? null : sourceTemplate(source, kind, provider)
  const correctionHours = Number.parseFloat(value("catchup-correction") ?? "")
  return {
    days: days > 0 ? days : usualDays,
    // As Kodi's IPTV Simple has it where a list only says how many days.
    kind: kind ?? "shift",
    ...(template === null ? {} : { source: template }),
    ...(isCorrection(correctionHours) ? { correctionHours } : {}),
  }
}

const mostCorrectionHours = 24
const isCorrection = (hours: number) => hours !== 0 && Math.abs(hours) <= mostCorrectionHours

/** The first that is there and not empty. */
const firstOf = (attributes: Attributes, names: string[]) =>
  names
    .map((wanted) => attributes.find(([name]) => name.toLowerCase() === wanted)?.[1].trim())
    .find((text) => text !== undefined && text !== "")

/** With the placeholders of the moment (`{utc}`, `${start}`) as they were, which `new URL` encodes in paths. */
function sourceTemplate(source: string, kind: string | undefined, provider: Provider): string | null {
  // These two are put behind the entry's own address.
  const isSuffix = (kind === "append" || kind === "shift") && !isScheme.test(source)
  const template = isSuffix ? suffixTemplate(source, provider) : urlTemplate(source, provider)
  return template?.replace(/%7B(?!(?:server|username|password)%7D)((?:[\w:.,;+-]|%20)+)%7D/gi, "{$1}") ?? null
}
