import { ImportError } from "../import-error.ts"

// What a byte means outside of strings.
const quote = 1
const opening = 2
const closing = 3
const comma = 4
const meanings = new Uint8Array(256)
for (const [text, meaning] of [
  ['"', quote],
  ["[{", opening],
  ["]}", closing],
  [",", comma],
] as const)
  for (const byte of Buffer.from(text)) meanings[byte] = meaning

const doubleQuote = 0x22
const backslash = 0x5c
const byteOrderMark = [0xef, 0xbb, 0xbf]
const tooLong = Buffer.alloc(0)
const defaultMaxElementBytes = 4 * 1024 * 1024
// PHP's `json_encode` gives these for an empty or failed query.
const emptyAnswers = new Set(["null", "false", '""'])
const longestScalar = 16

/** What an answer is: told by its first byte, or, when it holds nothing, by the whole of it. */
export type AnswerShape = "list" | "map" | "nothing"

/**
 * Splits the JSON list or map of a panel's answer into its elements while its pieces arrive, so that an answer
 * is never held whole. It looks only for where elements end; whether one is valid JSON, `JSON.parse` says.
 * Everything throws an ImportError when what comes is no JSON list or map.
 */
export class JsonElements {
  readonly #maxElementBytes: number
  #phase: "before" | "inside" | "after" | "scalar" = "before"
  #shape: AnswerShape | null = null
  /** 1 between the elements. */
  #depth = 0
  #inString = false
  /** Bytes of the next piece that a backslash before it stands for: 0 or 1. */
  #escaped = 0
  /** The element that the last pieces began, or null when it is too long to be kept. */
  #kept: Buffer[] | null = []
  #keptBytes = 0

  constructor(maxElementBytes = defaultMaxElementBytes) {
    this.#maxElementBytes = maxElementBytes
  }

  /** null until the first byte that says it. */
  get shape(): AnswerShape | null {
    return this.#shape
  }

  /**
   * The elements that end in this piece, as bytes: of a list `value`, of a map `"key": value`. They may be views
   * of the piece. One that is too long to be kept comes as no bytes at all.
   */
  push(piece: Buffer): Buffer[] {
    const elements: Buffer[] = []
    const first = this.#phase === "inside" ? 0 : this.#begin(piece)
    const { length } = piece
    let [start, depth, inString] = [first, this.#depth, this.#inString]
    let at = first + this.#escaped
    for (; at < length && depth > 0; at++) {
      if (inString) {
        let byte = piece[at]
        while (byte !== doubleQuote && byte !== backslash && ++at < length) byte = piece[at]
        if (at >= length) break
        if (byte === backslash) at++
        else inString = false
        continue
      }
      const meaning = meanings[piece[at] as number]
      if (meaning === 0) continue
      if (meaning === quote) inString = true
      else if (meaning === opening) depth++
      else if (meaning === closing) depth--
      if (depth > 1 || (meaning === comma ? depth !== 1 : depth !== 0)) continue
      this.#finish(piece, start, at, elements)
      start = at + 1
    }
    if (this.#phase === "inside" && depth === 0) this.#close(piece[at - 1] as number)
    else if (this.#phase === "inside") this.#keep(piece.subarray(start))
    this.#escaped = depth > 0 ? Math.max(at - length, 0) : 0
    this.#depth = depth
    this.#inString = inString
    return elements
  }

  /** Says that no piece follows. Throws when the answer is not whole. */
  end(): AnswerShape {
    if (
      this.#phase === "scalar" &&
      emptyAnswers.has(
        Buffer.concat(this.#kept ?? [])
          .toString()
          .trim(),
      )
    )
      this.#shape = "nothing"
    else if (this.#phase === "before") throw new ImportError("not_xtream", "the server's answer is empty")
    else if (this.#phase === "inside") throw new ImportError("not_xtream", "the server's answer breaks off")
    if (this.#shape === null) throw notXtream()
    return this.#shape
  }

  /** Looks for the list or map; gives where its elements begin, or the piece's length. */
  #begin(piece: Buffer): number {
    if (this.#phase === "scalar") this.#keepScalar(piece)
    if (this.#phase !== "before") return piece.length
    const at = piece.findIndex((byte) => byte > 0x20 && !byteOrderMark.includes(byte))
    if (at < 0) return piece.length
    const byte = piece[at]
    if (byte === 0x3c)
      throw new ImportError("not_xtream", "the server sent a web page instead of Xtream's answer")
    if (byte !== 0x5b && byte !== 0x7b) {
      this.#phase = "scalar"
      this.#keepScalar(piece.subarray(at))
      return piece.length
    }
    this.#shape = byte === 0x5b ? "list" : "map"
    this.#phase = "inside"
    this.#depth = 1
    return at + 1
  }

  #close(byte: number): void {
    if (byte !== (this.#shape === "list" ? 0x5d : 0x7d)) throw notXtream()
    // What follows is not looked at: some panels append the warnings of their PHP.
    this.#phase = "after"
  }

  #finish(piece: Buffer, start: number, end: number, elements: Buffer[]): void {
    const rest = piece.subarray(start, end)
    if (this.#kept === null || this.#keptBytes + rest.length > this.#maxElementBytes) elements.push(tooLong)
    else {
      const element = this.#kept.length === 0 ? rest : Buffer.concat([...this.#kept, rest])
      if (!isBlank(element)) elements.push(element)
    }
    this.#kept = []
    this.#keptBytes = 0
  }

  #keep(bytes: Buffer): void {
    this.#keptBytes += bytes.length
    if (this.#keptBytes > this.#maxElementBytes) this.#kept = null
    else this.#kept?.push(bytes)
  }

  #keepScalar(bytes: Buffer): void {
    this.#keep(bytes)
    if (this.#keptBytes > longestScalar) throw notXtream()
  }
}

function isBlank(element: Buffer): boolean {
  for (const byte of element) if (byte > 0x20) return false
  return true
}

const notXtream = () => new ImportError("not_xtream", "the server's answer is not Xtream's")
