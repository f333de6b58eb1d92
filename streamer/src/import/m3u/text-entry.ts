import { hash32 } from "@tributary/shared/catalogue/channel-id"
import type { Entry, EntryDetails, EntryKind } from "@tributary/shared/catalogue/entry"
import { concealProvider } from "../catalogue/conceal-provider.ts"
import { withoutControls } from "../catalogue/record-writer.ts"
import { type Provider, urlTemplate } from "../catalogue/url-template.ts"
import { catchupOf } from "./catchup.ts"
import { splitHeaders } from "./entry-headers.ts"
import { type Extinf, parseExtinf } from "./parse-extinf.ts"

/** What the lines around an entry say of it. */
export interface EntryContext {
  provider: Provider
  /** Of `#EXTGRP`. */
  group: string | null
  headers: Readonly<Record<string, string>> | null
  /** Those of `#EXTM3U`. */
  listAttributes: Extinf["attributes"]
}

/** An entry of whatever form, from the text of its lines; null when its address is none. */
export function textEntry(line: string, address: string, context: EntryContext): Entry | null {
  const { provider } = context
  const extinf = parseExtinf(line)
  const { url, headers } = splitHeaders(address)
  const template = urlTemplate(url, provider)
  if (template === null) return null
  const kind = kindOf(template)
  const { attributes, groups } = grouped(extinf.attributes, context.group)
  const all = { ...context.headers, ...headers }
  const details = detailsOf(kind, extinf.attributes, context)
  const entry: Entry = {
    kind,
    name:
      cleaned(extinf.name) || cleaned(attribute(extinf.attributes, "tvg-name") ?? "") || nameless(template),
    attributes,
    groups,
    locator: { kind: "url", template },
    ...(Object.keys(all).length === 0 ? {} : { headers: all }),
    ...(details === undefined ? {} : { details }),
  }
  return concealProvider(entry, provider)
}

/** What is said of an entry with these attributes; only live streams have catch-up. */
export function detailsOf(
  kind: EntryKind,
  attributes: Extinf["attributes"],
  { listAttributes, provider }: EntryContext,
): EntryDetails | undefined {
  const catchup = kind === "live" ? catchupOf(attributes, listAttributes, provider) : undefined
  return catchup && { catchup }
}

/** `/movie/` and `/series/` are where panels of Xtream have them. */
function kindOf(template: string): EntryKind {
  const path = template.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "").replace(/[?#].*$/s, "")
  const [, segment] = /\/(movie|series)\//.exec(path) ?? []
  return segment === "movie" ? "movie" : segment === "series" ? "episode" : "live"
}

/** The entry's groups; a group that holds for several entries is written into each that names none. */
function grouped(attributes: Extinf["attributes"], extgrp: string | null) {
  const own = attribute(attributes, "group-title")
  const groups = (own?.trim() || extgrp || "").split(";").map(cleaned)
  const written: Extinf["attributes"] =
    own?.trim() || extgrp === null
      ? attributes
      : own === undefined
        ? [...attributes, ["group-title", extgrp]]
        : attributes.map(([name, value]) => [name, name.toLowerCase() === "group-title" ? extgrp : value])
  return { attributes: written, groups: groups.filter((group) => group !== "") }
}

const cleaned = (text: string) => withoutControls(text).trim()

const attribute = (attributes: Extinf["attributes"], wanted: string) =>
  attributes.find(([name]) => name.toLowerCase() === wanted)?.[1]

/** Told apart by their addresses, so that nameless entries do not become feeds of one channel. */
const nameless = (template: string) => `Unnamed ${hash32(template).toString(36)}`
