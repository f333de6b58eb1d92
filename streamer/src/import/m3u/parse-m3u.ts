import { hash32 } from "@tributary/shared/catalogue/channel-id"
import type { Entry } from "@tributary/shared/catalogue/entry"
import { type Provider, urlTemplate } from "../catalogue/url-template.ts"
import { ImportError } from "../import-error.ts"
import { type Extinf, parseExtinf } from "./parse-extinf.ts"

const isScheme = /^[a-z][a-z0-9+.-]*:/i
// RFC 8216: a media playlist has a target duration, a master playlist variants. Other `#EXT-X-` tags are
// found in channel lists too.
const isHlsTag = /^#EXT-X-(?:TARGETDURATION|MEDIA-SEQUENCE|STREAM-INF)\b/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: they tell binary data.
const isBinary = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/

/**
 * Reads a channel list line by line. Throws an ImportError when the text turns out to be something else:
 * HTML, JSON, or an HLS playlist.
 */
export async function* parseM3u(lines: AsyncIterable<string>, context: Provider): AsyncGenerator<Entry> {
  let extinf: Extinf | null = null
  let extgrp: string | null = null
  let headers: Record<string, string> = {}
  /** A line that is hardly an address, for an entry that turns out to have no other. */
  let remark: string | null = null
  let isEmpty = true
  let isPlaylist = false
  let entries = 0
  for await (const raw of lines) {
    const line = raw.trim()
    if (line === "") continue
    if (isEmpty) refuseOther(line)
    isEmpty = false
    if (/^#EXTINF:/i.test(line)) {
      if (extinf !== null) {
        const entry = remark === null ? null : entryOf(extinf, extgrp, remark, headers, context)
        if (entry !== null) yield entry
        // What was said for it is not for this one.
        headers = {}
        remark = null
      }
      extinf = parseExtinf(line)
      isPlaylist = true
    } else if (/^#EXTM3U/i.test(line)) isPlaylist = true
    else if (/^#EXTGRP:/i.test(line)) extgrp = line.slice(8).trim() || null
    else if (/^#EXTVLCOPT:/i.test(line)) Object.assign(headers, vlcHeader(line.slice(11)))
    else if (entries === 0 && isHlsTag.test(line))
      throw new ImportError(
        "not_a_playlist",
        "the provider sent an HLS playlist, which is one stream, instead of a list of channels",
      )
    else if (!line.startsWith("#") && extinf !== null) {
      if (!looksLikeAddress(line)) {
        remark ??= line
        continue
      }
      const entry = entryOf(extinf, extgrp, line, headers, context)
      extinf = null
      headers = {}
      remark = null
      if (entry === null) continue
      entries++
      yield entry
    }
  }
  const last = extinf === null || remark === null ? null : entryOf(extinf, extgrp, remark, headers, context)
  if (last !== null) yield last
  if (isEmpty) throw new ImportError("empty", "the provider sent an empty answer")
  if (!isPlaylist) throw new ImportError("not_a_playlist", "the provider sent text that is not a playlist")
}

function refuseOther(firstLine: string): void {
  if (firstLine.startsWith("<"))
    throw new ImportError("not_a_playlist", "the provider sent a web page instead of a playlist")
  if (/^[{[]/.test(firstLine))
    throw new ImportError("not_a_playlist", "the provider sent JSON instead of a playlist")
  if (isBinary.test(firstLine))
    throw new ImportError("not_a_playlist", "the provider sent binary data instead of a playlist")
}

/** A relative address is a word; remarks between the lines of an entry are sentences. */
const looksLikeAddress = (line: string) => isScheme.test(line) || !/\s/.test(line)

/** null when the address is none. */
function entryOf(
  extinf: Extinf,
  extgrp: string | null,
  address: string,
  optionHeaders: Record<string, string>,
  context: Provider,
): Entry | null {
  const { url, headers } = splitHeaders(address)
  const template = urlTemplate(url, context)
  if (template === null) return null
  const { attributes, groups } = grouped(extinf.attributes, extgrp)
  const all = { ...optionHeaders, ...headers }
  return {
    name: extinf.name || attribute(extinf.attributes, "tvg-name")?.trim() || nameless(template),
    attributes,
    groups,
    locator: { kind: "url", template },
    ...(Object.keys(all).length === 0 ? {} : { headers: all }),
  }
}

/** The entry's groups; a group that holds for several entries is written into each that names none. */
function grouped(attributes: Extinf["attributes"], extgrp: string | null) {
  const own = attribute(attributes, "group-title")
  const groups = (own?.trim() || extgrp || "").split(";").map((group) => group.trim())
  const written: Extinf["attributes"] =
    own?.trim() || extgrp === null
      ? attributes
      : own === undefined
        ? [...attributes, ["group-title", extgrp]]
        : attributes.map(([name, value]) => [name, name.toLowerCase() === "group-title" ? extgrp : value])
  return { attributes: written, groups: groups.filter((group) => group !== "") }
}

const attribute = (attributes: Extinf["attributes"], wanted: string) =>
  attributes.find(([name]) => name.toLowerCase() === wanted)?.[1]

/** Told apart by their addresses, so that nameless entries do not become feeds of one channel. */
const nameless = (template: string) => `Unnamed ${hash32(template).toString(36)}`

// Sent on as they are, these would break the request, or make it another one.
const notForEntries = new Set([
  ...["connection", "content-length", "expect", "host", "keep-alive", "range", "te", "trailer"],
  ...["transfer-encoding", "upgrade"],
])
const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
const headerValue = /^[\t\x20-\x7e\x80-\xff]+$/

/** `url|User-Agent=x&Referer=y`, as Kodi writes headers; a bar that no header follows is the address's. */
function splitHeaders(address: string): { url: string; headers: Record<string, string> } {
  const bar = address.indexOf("|")
  if (bar < 0 || !/^(?:$|[^=&\s]+=)/.test(address.slice(bar + 1))) return { url: address, headers: {} }
  const headers = [...new URLSearchParams(address.slice(bar + 1))].flatMap(([name, value]) =>
    sendable(name, value),
  )
  return { url: address.slice(0, bar).trim(), headers: Object.fromEntries(headers) }
}

function sendable(name: string, value: string): [string, string][] {
  const known = name.trim().toLowerCase()
  const isSendable = headerName.test(known) && headerValue.test(value) && !notForEntries.has(known)
  return isSendable ? [[known, value]] : []
}

/** `http-user-agent=x` and `http-referrer=y` of `#EXTVLCOPT`. */
function vlcHeader(option: string): Record<string, string> {
  const [, name, value] = /^http-(user-agent|referrer|origin|cookie)=(.+)$/i.exec(option.trim()) ?? []
  if (name === undefined || value === undefined) return {}
  return Object.fromEntries(sendable(/^referrer$/i.test(name) ? "referer" : name, value))
}
