import type { Entry, EntryDetails, EntryKind, Locator } from "@tributary/shared/catalogue/entry"
import { field, fieldCount, fieldEnd, groupEnd, kindBytes, recordEnd } from "./record.ts"

const kindOfByte = new Map(
  Object.entries(kindBytes).map(([kind, byte]) => [byte as number, kind as EntryKind]),
)
const attributePattern = / ([^\s=",]+)="([^"]*)"/g

/** One record as an entry: for tests, and for the few that are looked at one by one. */
export function entryOf(record: Buffer): Entry {
  const end = record.at(-1) === recordEnd ? record.length - 1 : record.length
  const texts = record.toString("utf8", 0, end).split(String.fromCharCode(fieldEnd))
  if (texts.length !== fieldCount)
    throw new Error(`a record has ${texts.length} fields instead of ${fieldCount}`)
  const text = (index: number) => texts[index] ?? ""
  const kind = kindOfByte.get(record[0] ?? 0)
  if (kind === undefined) throw new Error("a record is of no known kind")
  const groups = text(field.groups)
  return {
    kind,
    name: text(field.name),
    attributes: attributesOf(text(field.attributes)),
    groups: groups === "" ? [] : groups.split(String.fromCharCode(groupEnd)),
    locator: locatorOf(text(field.locator)),
    ...(text(field.headers) === ""
      ? {}
      : { headers: JSON.parse(text(field.headers)) as Record<string, string> }),
    ...(text(field.logo) === "" ? {} : { logo: text(field.logo) }),
    ...(text(field.details) === "" ? {} : { details: JSON.parse(text(field.details)) as EntryDetails }),
  }
}

/** Every record of a part; the bytes hold whole records. */
export function* recordsIn(bytes: Buffer): Generator<Entry> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(recordEnd, start)
    if (end < 0) throw new Error("a record has no end")
    yield entryOf(bytes.subarray(start, end))
    start = end + 1
  }
}

/** Attributes from the form that they have in a record. */
export function attributesOf(text: string): [name: string, value: string][] {
  return Array.from(text.matchAll(attributePattern), ([, name = "", value = ""]) => [
    name,
    value === "\u0003" ? "" : value,
  ])
}

/** A locator from the form that it has in a record. */
export function locatorOf(text: string): Locator {
  if (text.startsWith("u")) return { kind: "url", template: text.slice(1) }
  const dot = text.lastIndexOf(".")
  const type = { l: undefined, m: "movie" as const, s: "series" as const }[text[1] ?? ""]
  const rest = { streamId: text.slice(2, dot), extension: text.slice(dot + 1) }
  return type === undefined ? { kind: "xtream", ...rest } : { kind: "xtream", type, ...rest }
}
