import { field, fieldCount, fieldEnd, recordEnd } from "../catalogue/record.ts"

/** Records of all sources, as bytes; a record is known by its number. */
export class RecordSet {
  readonly #parts: Buffer[] = []
  #partOf: Uint16Array
  #sourceOf: Uint16Array
  #startOf: Uint32Array
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
      const end = part.indexOf(recordEnd, start)
      if (end < 0) throw new Error("a record has no end")
      if (this.#count === this.#startOf.length) this.#grow()
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
    const { starts, ends } = this
    let at = this.#startOf[record] as number
    this.bytes = bytes
    for (let index = 0; index < fieldCount; index++) {
      starts[index] = at
      // No byte of a character of several has the value of a control character.
      while ((bytes[at] as number) !== fieldEnd && bytes[at] !== recordEnd) at++
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

  #grow(): void {
    const size = Math.max(1024, this.#count * 2)
    const [partOf, sourceOf, startOf] = [this.#partOf, this.#sourceOf, this.#startOf]
    this.#partOf = new Uint16Array(size)
    this.#sourceOf = new Uint16Array(size)
    this.#startOf = new Uint32Array(size)
    this.#partOf.set(partOf)
    this.#sourceOf.set(sourceOf)
    this.#startOf.set(startOf)
  }
}
