import { TextDecoder } from "node:util"
import { headBytes } from "./playlist-head.ts"

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** The same text as UTF-8 without a byte order mark, with a line feed at each line's end; its first piece is its head. */
export async function* plainText(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* withLineFeeds(withHead(withoutMark(withHead(pieces))))
}

/** The first piece has `headBytes` or more, or all: what it begins with does not depend on the pieces' borders. */
async function* withHead(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer[] | null = []
  let length = 0
  for await (const piece of pieces) {
    if (head === null) yield piece
    else {
      head.push(Buffer.from(piece))
      length += piece.length
      if (length < headBytes) continue
      yield Buffer.concat(head)
      head = null
    }
  }
  if (head !== null && length > 0) yield Buffer.concat(head)
}

async function* withoutMark(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | null = null
  let isFirst = true
  for await (const piece of pieces) {
    if (isFirst) decoder = decoderFor(piece)
    yield decoder === null
      ? piece.subarray(isFirst && hasMark(piece, 0xef, 0xbb, 0xbf) ? 3 : 0)
      : Buffer.from(decoder.decode(piece, { stream: true }))
    isFirst = false
  }
  const rest = decoder?.decode() ?? ""
  if (rest !== "") yield Buffer.from(rest)
}

/** Of UTF-16, which is told by its mark alone. */
function decoderFor(head: Buffer): TextDecoder | null {
  if (hasMark(head, 0xff, 0xfe)) return new TextDecoder("utf-16le")
  return hasMark(head, 0xfe, 0xff) ? new TextDecoder("utf-16be") : null
}

const hasMark = (head: Buffer, ...mark: number[]) => mark.every((byte, at) => head[at] === byte)

/** Lines end in a line feed, with or without a return before it, or all of them in a return alone. */
async function* withLineFeeds(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let hasReturns: boolean | null = null
  for await (const piece of pieces) {
    hasReturns ??= endsInReturn(piece.subarray(0, headBytes))
    yield hasReturns ? (piece.map((byte) => (byte === carriageReturn ? lineFeed : byte)) as Buffer) : piece
  }
}

/** Whether the first line of a text does. */
function endsInReturn(head: Buffer): boolean {
  const at = head.indexOf(carriageReturn)
  const firstLine = head.indexOf(lineFeed)
  return at >= 0 && (firstLine < 0 || at < firstLine) && head[at + 1] !== lineFeed
}
