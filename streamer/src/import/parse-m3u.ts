import type { Entry } from "@tributary/shared/catalogue/entry"
import { ImportError } from "./import-error.ts"
import { type Extinf, parseExtinf } from "./parse-extinf.ts"
import { type Provider, urlTemplate } from "./url-template.ts"

/**
 * Reads a channel list line by line. Throws an ImportError when the text turns out to be something else:
 * HTML, JSON, or an HLS playlist.
 */
export async function* parseM3u(lines: AsyncIterable<string>, context: Provider): AsyncGenerator<Entry> {
  let extinf: Extinf | null = null
  let extgrp: string | null = null
  let headers: Record<string, string> = {}
  let seen = 0
  for await (const raw of lines) {
    const line = raw.trim()
    if (line === "") continue
    if (seen++ === 0) refuseOther(line)
    if (/^#EXTINF:/i.test(line)) extinf = parseExtinf(line)
    else if (/^#EXTGRP:/i.test(line)) extgrp = line.slice(8).trim() || null
    else if (/^#EXTVLCOPT:/i.test(line)) Object.assign(headers, vlcHeader(line.slice(11)))
    else if (!line.startsWith("#") && extinf !== null) {
      yield entryOf(extinf, extgrp, line, headers, context)
      extinf = null
      headers = {}
    }
  }
  if (seen === 0) throw new ImportError("empty", "the provider sent an empty answer")
}

function refuseOther(firstLine: string): void {
  if (/^<(?:!doctype|html|head|body)/i.test(firstLine))
    throw new ImportError("not_a_playlist", "the provider sent a web page instead of a playlist")
  if (/^[{[]/.test(firstLine) && !firstLine.startsWith("#"))
    throw new ImportError("not_a_playlist", "the provider sent JSON instead of a playlist")
}

function entryOf(
  extinf: Extinf,
  extgrp: string | null,
  address: string,
  optionHeaders: Record<string, string>,
  context: Provider,
): Entry {
  const { url, headers } = splitHeaders(address)
  const groupTitle = extinf.attributes.find(([name]) => name.toLowerCase() === "group-title")?.[1]
  const attributes: [string, string][] =
    groupTitle === undefined && extgrp !== null
      ? [...extinf.attributes, ["group-title", extgrp]]
      : extinf.attributes
  const groups = (groupTitle ?? extgrp ?? "").split(";").map((group) => group.trim())
  const all = { ...optionHeaders, ...headers }
  return {
    name: extinf.name || tvgName(extinf) || "Unnamed",
    attributes,
    groups: groups.filter((group) => group !== ""),
    locator: { kind: "url", template: urlTemplate(url, context) },
    ...(Object.keys(all).length === 0 ? {} : { headers: all }),
  }
}

const tvgName = (extinf: Extinf) => extinf.attributes.find(([name]) => name.toLowerCase() === "tvg-name")?.[1]

/** `url|User-Agent=x&Referer=y`, as Kodi writes headers. */
function splitHeaders(address: string): { url: string; headers: Record<string, string> } {
  const bar = address.indexOf("|")
  if (bar < 0) return { url: address, headers: {} }
  return {
    url: address.slice(0, bar),
    headers: Object.fromEntries(new URLSearchParams(address.slice(bar + 1))),
  }
}

/** `http-user-agent=x` and `http-referrer=y` of `#EXTVLCOPT`. */
function vlcHeader(option: string): Record<string, string> {
  const [, name, value] = /^http-(user-agent|referrer|origin|cookie)=(.+)$/i.exec(option.trim()) ?? []
  if (name === undefined || value === undefined) return {}
  return { [name.toLowerCase() === "referrer" ? "referer" : name.toLowerCase()]: value }
}
