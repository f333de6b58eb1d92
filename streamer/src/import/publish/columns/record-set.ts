import { field, fieldCount, fieldEnd, recordEnd } from "../../catalogue/record.ts"

/** Records of all sources, as bytes; a record is known by its number. */
export class RecordSet {
  readonly #parts: Buffer[] = []
  #partOf: Uint16Array
  #sourceOf: Uint16Array
  #startOf: Uint32Array
  /** Where each field ends, from the record's start; the first one of a record that is too long for it is 0. */
  #endsOf: Uint16Array
  #count = 0
  #byteLength = 0
  /** Of the record that `open` was called with last: its bytes, and where each field begins and ends in them. */
  bytes: Buffer = Buffer.alloc(0)
  #opened = -1
  readonly starts = new Uint32Array(fieldCount)
  readonly ends = new Uint32Array(fieldCount)

  constructor(expected: number) {
    this.#partOf = new Uint16Array(expected)
    this.#sourceOf = new Uint16Array(expected)
    this.#startOf = new Uint32Array(expected)
    this.#endsOf = new Uint16Array(expected * fieldCount)
  }

  get count(): number {
    return this.#count
  }

  /** Bytes of all records. */
  get byteLength(): number {
    return this.#byteLength
  }

  /** Adds whole records of a source (by its number); the bytes are kept as they are. */
  addPart(part: Buffer, source: number): void {
    const number = this.#parts.push(part) - 1
    this.#byteLength += part.length
    if (number > 0xffff) throw new Error("the catalogues are too large")
    for (let start = 0; start < part.length; ) {
      if (this.#count === this.#startOf.length) this.#grow()
      const end = this.#findFields(part, start)
      this.#partOf[this.#count] = number
      this.#sourceOf[this.#count] = source
      this.#startOf[this.#count++] = start
      start = end + 1
    }
  }

  /** Number of the source that a record is of. */
  source(record: number): number {
    return this.#sourceOf[record] as number
  }

  setSource(record: number, source: number): void {
    this.#sourceOf[record] = source
  }

  /** A record's bytes, without its line break. */
  line(record: number): Buffer {
    const bytes = this.#parts[this.#partOf[record] as number] as Buffer
    const start = this.#startOf[record] as number
    return bytes.subarray(start, bytes.indexOf(recordEnd, start))
  }

  /** Finds the fields of a record: `bytes`, `starts` and `ends` are its own until the next call. */
  open(record: number): this {
    if (record === this.#opened) return this
    this.#opened = record
    const bytes = this.#parts[this.#partOf[record] as number] as Buffer
    this.bytes = bytes
    const { starts, ends } = this
    const start = this.#startOf[record] as number
    const first = record * fieldCount
    if (this.#endsOf[first] === 0) return this.#openLong(start)
    let at = start
    for (let index = 0; index < fieldCount; index++) {
      starts[index] = at
      at = start + (this.#endsOf[first + index] as number)
      ends[index] = at++
    }
    return this
  }

  /** First byte of a record, which says its kind. */
  kind(record: number): number {
    return (this.#parts[this.#partOf[record] as number] as Buffer)[this.#startOf[record] as number] as number
  }

  /** The open record's field as text. */
  text(name: keyof typeof field): string {
    return this.bytes.toString("utf8", this.starts[field[name]], this.ends[field[name]])
  }

  /** Whether the open record's field holds nothing. */
  isEmpty(name: keyof typeof field): boolean {
    return this.starts[field[name]] === this.ends[field[name]]
  }

  /** Notes where the next record's fields end; gives the end of the record. */
  #findFields(part: Buffer, start: number): number {
    const first = this.#count * fieldCount
    let at = start
    for (let index = 0; index < fieldCount; index++) {
      const end = fieldEndFrom(part, at)
      this.#endsOf[first + index] = end - start
      at = end + 1
    }
    const end = at - 1
    if (part[end] !== recordEnd) throw new Error("a record has no end")
    if (end - start > 0xffff) this.#endsOf[first] = 0
    return end
  }

  #openLong(start: number): this {
    let at = start
    for (let index = 0; index < fieldCount; index++) {
      this.starts[index] = at
      at = fieldEndFrom(this.bytes, at)
      this.ends[index] = at++
    }
    return this
  }

  #grow(): void {
    const size = Math.max(1024, this.#count * 2)
    const [partOf, sourceOf, startOf, endsOf] = [this.#partOf, this.#sourceOf, this.#startOf, this.#endsOf]
    this.#partOf = new Uint16Array(size)
    this.#sourceOf = new Uint16Array(size)
    this.#startOf = new Uint32Array(size)
    this.#partOf.set(partOf)
    this.#sourceOf.set(sourceOf)
    this.#startOf.set(startOf)
    this.#endsOf = new Uint16Array(size * fieldCount)
    this.#endsOf.set(endsOf)
  }
}

/** No byte of a character of several has the value of a control character. */
function fieldEndFrom(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== fieldEnd && bytes[at] !== recordEnd) at++
  return at
}
