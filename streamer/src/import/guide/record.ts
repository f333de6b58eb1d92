/**
 * A stored programme: a head of eight 32-bit numbers (little-endian), then its body, which is clean XML: what
 * stands between `<programme …>` and `</programme>`, in the order of xmltv.dtd. The head says where in the body
 * title and description are, so that both forms of a guide are made without parsing.
 *
 * 0 start, 4 stop: Unix seconds · 8 bytes of the body · 12, 16 title from, to · 20, 24 description from, to (0, 0:
 * none) · 28 language, four bytes of ASCII, filled up with zeros
 *
 * A guide's parts hold the programmes of one channel after those of another, in the order of its heads, each
 * channel's in the order of their starts.
 */
export const recordHeadBytes = 32

export interface ProgrammeTimes {
  /** Unix seconds. */
  start: number
  stop: number
}

export interface TextPlaces {
  titleStart: number
  titleEnd: number
  descriptionStart: number
  descriptionEnd: number
  language: string
}

export function writeRecordHead(
  to: Buffer,
  at: number,
  { start, stop }: ProgrammeTimes,
  bodyBytes: number,
  places: TextPlaces,
): void {
  const words = [start, stop, bodyBytes, places.titleStart, places.titleEnd]
  words.push(places.descriptionStart, places.descriptionEnd)
  for (const [index, word] of words.entries()) to.writeUInt32LE(word, at + index * 4)
  to.fill(0, at + 28, at + recordHeadBytes)
  to.write(places.language.slice(0, 4), at + 28, "latin1")
}

export const startOf = (records: Buffer, at: number) => records.readUInt32LE(at)
export const stopOf = (records: Buffer, at: number) => records.readUInt32LE(at + 4)

/** Bytes of the record at `at`, its head included. */
export const recordBytes = (records: Buffer, at: number) => recordHeadBytes + records.readUInt32LE(at + 8)

export function setStop(records: Buffer, at: number, stop: number): void {
  records.writeUInt32LE(stop, at + 4)
}

export function titleOf(records: Buffer, at: number): string {
  const body = at + recordHeadBytes
  return records.toString("utf8", body + records.readUInt32LE(at + 12), body + records.readUInt32LE(at + 16))
}

export function descriptionOf(records: Buffer, at: number): string {
  const body = at + recordHeadBytes
  return records.toString("utf8", body + records.readUInt32LE(at + 20), body + records.readUInt32LE(at + 24))
}

/** `xx`, or empty. */
export function languageOf(records: Buffer, at: number): string {
  return records.toString("latin1", at + 28, at + 32).replace(/\0+$/, "")
}
