import type { EntryDetails } from "@tributary/shared/catalogue/entry"
import { groupEnd } from "../catalogue/record.ts"
import { namingTexts, type Provider } from "../catalogue/url-template.ts"
import { AddressBytes } from "./address-bytes.ts"
import type { EntrySink } from "./entry-sink.ts"
import { ExtinfBytes, skipSpaces, trimSpaces } from "./extinf-bytes.ts"
import { Needles } from "./needles.ts"
import type { EntryContext } from "./text-entry.ts"

const semicolon = 0x3b
const groupSeparator = Buffer.of(groupEnd)

/** A line somewhere in bytes; a line break follows it. */
export interface LineBytes {
  bytes: Buffer
  start: number
  end: number
}

/**
 * Writes the entries that are of the usual form, from bytes to bytes: most of most lists. `textEntry` reads
 * all others, and of these it makes the same records.
 */
export class PlainEntries {
  /** Of live entries. */
  details: EntryDetails | undefined
  readonly #sink: EntrySink
  readonly #extinf: ExtinfBytes
  readonly #address: AddressBytes

  constructor(provider: Provider, sink: EntrySink) {
    this.#sink = sink
    this.#extinf = new ExtinfBytes(new Needles(namingTexts(provider)))
    this.#address = new AddressBytes(provider)
  }

  /** False when the entry is not of the usual form. What is said around it counts as in `textEntry`. */
  write(extinf: LineBytes, address: LineBytes, { group, headers }: EntryContext): boolean {
    const read = this.#extinf
    if (!this.#address.read(address.bytes, address.start, address.end)) return false
    if (!read.read(extinf.bytes, extinf.start, extinf.end)) return false
    if (group !== null && read.groupStart === read.groupEnd) return false
    if (this.#isWanted(extinf.bytes)) this.#write(extinf.bytes, address, headers)
    return true
  }

  #isWanted(bytes: Buffer): boolean {
    const { kinds, wanted } = this.#sink
    if (!kinds.has(this.#address.kind)) return false
    if (wanted === null) return true
    const { nameStart, nameEnd, groupStart, groupEnd } = this.#extinf
    const groups = bytes
      .toString("utf8", groupStart, groupEnd)
      .split(";")
      .map((group) => group.trim())
    return wanted(
      bytes.toString("utf8", nameStart, nameEnd),
      groups.filter((group) => group !== ""),
    )
  }

  #write(bytes: Buffer, address: LineBytes, headers: EntryContext["headers"]): void {
    const { writer } = this.#sink
    const { nameStart, nameEnd, tvgIdStart, tvgIdEnd, attributesStart, attributesEnd } = this.#extinf
    const { kind, origin, login, restStart } = this.#address
    writer.begin(kind)
    writer.copy(bytes, nameStart, nameEnd)
    writer.next()
    writer.copy(bytes, tvgIdStart, tvgIdEnd)
    writer.next()
    this.#writeGroups(bytes)
    writer.next()
    writer.copy(bytes, attributesStart, attributesEnd)
    writer.next()
    writer.copy(origin, 0, origin.length)
    writer.copy(login, 0, login.length)
    writer.copy(address.bytes, restStart, address.end)
    writer.next()
    if (headers !== null) writer.text(JSON.stringify(headers))
    writer.next()
    writer.next()
    if (this.details !== undefined && kind === "live") writer.text(JSON.stringify(this.details))
    writer.end()
  }

  #writeGroups(bytes: Buffer): void {
    const { writer } = this.#sink
    const { groupStart, groupEnd: groupsEnd } = this.#extinf
    let isFirst = true
    for (let at = groupStart; at < groupsEnd; ) {
      let end = at
      while (end < groupsEnd && bytes[end] !== semicolon) end++
      const start = skipSpaces(bytes, at, end)
      if (start < end) {
        if (!isFirst) writer.copy(groupSeparator, 0, 1)
        writer.copy(bytes, start, trimSpaces(bytes, start, end))
        isFirst = false
      }
      at = end + 1
    }
  }
}
