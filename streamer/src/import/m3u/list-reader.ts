import type { Provider } from "../catalogue/url-template.ts"
import { kodiHeaders, vlcHeader } from "./entry-headers.ts"
import { type EntrySink, writeWanted } from "./entry-sink.ts"
import { isExtinf } from "./extinf-bytes.ts"
import { guideAddresses } from "./guide-addresses.ts"
import { parseExtinf } from "./parse-extinf.ts"
import { type LineBytes, PlainEntries } from "./plain-entries.ts"
import { detailsOf, type EntryContext, textEntry } from "./text-entry.ts"

// RFC 8216: a media playlist has a target duration, a master playlist variants. Other `#EXT-X-` tags are
// found in channel lists too.
const isHlsTag = /^#EXT-X-(?:TARGETDURATION|MEDIA-SEQUENCE|STREAM-INF)\b/i
const isScheme = /^[a-z][a-z0-9+.-]*:/i
const hash = 0x23
const lineBreak = Buffer.from("\n")

/** Takes the lines of a channel list (`LineReader`) and writes its entries. */
export class ListReader {
  /** Entries with an address, wanted or not. */
  found = 0
  isEmpty = true
  isPlaylist = false
  /** The lines are those of an HLS playlist, which is one stream. */
  isHls = false
  /** Templates, in their order. */
  readonly guides = new Set<string>()
  readonly #sink: EntrySink
  readonly #plain: PlainEntries
  readonly #context: EntryContext
  #extinf: LineBytes | null = null
  /** A line that is hardly an address, for an entry that turns out to have no other. */
  #remark: string | null = null
  #hasExtinf = false

  constructor(provider: Provider, sink: EntrySink) {
    this.#sink = sink
    this.#plain = new PlainEntries(provider, sink)
    this.#context = { provider, group: null, headers: null, listAttributes: [] }
  }

  /** A line without spaces around it; not empty. */
  line(bytes: Buffer, start: number, end: number): void {
    if (this.isHls) return
    this.isEmpty = false
    const first = bytes[start] as number
    if (first === hash) {
      if (isExtinf(bytes, start)) this.#begin(bytes, start, end)
      else this.#directive(bytes, start, end)
    } else if (first >= 0x80) this.#trimmed(bytes, start, end)
    else if (this.#extinf !== null) this.#address(this.#extinf, bytes, start, end)
  }

  /** The bytes of the lines so far may change after this. */
  pieceEnds(): void {
    if (this.#extinf === null) return
    const { bytes, start, end } = this.#extinf
    const own = Buffer.concat([bytes.subarray(start, end), lineBreak])
    this.#extinf = { bytes: own, start: 0, end: end - start }
  }

  /** No line follows. */
  finish(): void {
    this.#endWithRemark()
  }

  #begin(bytes: Buffer, start: number, end: number): void {
    // What was said for it is not for this one.
    if (this.#extinf !== null) this.#endWithRemark()
    this.#extinf = { bytes, start, end }
    this.isPlaylist = true
    this.#hasExtinf = true
  }

  /** Unicode has white space that ASCII has not. */
  #trimmed(bytes: Buffer, start: number, end: number): void {
    const text = bytes.toString("utf8", start, end).trim()
    const line = Buffer.from(`${text}\n`)
    if (text === "") return
    if ((line[0] as number) < 0x80) this.line(line, 0, line.length - 1)
    else if (this.#extinf !== null) this.#textAddress(this.#extinf, text)
  }

  #directive(bytes: Buffer, start: number, end: number): void {
    const line = bytes.toString("utf8", start, end).trim()
    if (/^#EXTINF:/i.test(line)) this.#begin(bytes, start, end)
    else if (/^#EXTM3U/i.test(line)) this.#header(line)
    else if (/^#EXTGRP:/i.test(line)) this.#context.group = line.slice(8).trim() || null
    else if (/^#EXTVLCOPT:/i.test(line)) this.#addHeaders(vlcHeader(line.slice(11)))
    else if (/^#KODIPROP:/i.test(line)) this.#addHeaders(kodiHeaders(line.slice(10)))
    else if (!this.#hasExtinf && isHlsTag.test(line)) this.isHls = true
  }

  #header(line: string): void {
    this.isPlaylist = true
    for (const guide of guideAddresses(line, this.#context.provider)) this.guides.add(guide)
    this.#context.listAttributes = parseExtinf(line).attributes
    this.#plain.details = detailsOf("live", [], this.#context)
  }

  #addHeaders(headers: Record<string, string>): void {
    if (Object.keys(headers).length > 0) this.#context.headers = { ...this.#context.headers, ...headers }
  }

  #address(extinf: LineBytes, bytes: Buffer, start: number, end: number): void {
    if (this.#plain.write(extinf, { bytes, start, end }, this.#context)) {
      this.found++
      this.#ended()
    } else this.#textAddress(extinf, bytes.toString("utf8", start, end).trim())
  }

  #textAddress(extinf: LineBytes, address: string): void {
    // A relative address is a word; remarks between the lines of an entry are sentences.
    if (isScheme.test(address) || !/\s/.test(address)) {
      this.#writeText(extinf, address)
      this.#ended()
    } else this.#remark ??= address
  }

  #endWithRemark(): void {
    if (this.#extinf !== null && this.#remark !== null) this.#writeText(this.#extinf, this.#remark)
    this.#ended()
  }

  #ended(): void {
    this.#extinf = null
    this.#context.headers = null
    this.#remark = null
  }

  #writeText({ bytes, start, end }: LineBytes, address: string): void {
    const entry = textEntry(bytes.toString("utf8", start, end).trim(), address, this.#context)
    if (entry === null) return
    this.found++
    writeWanted(entry, this.#sink)
  }
}
