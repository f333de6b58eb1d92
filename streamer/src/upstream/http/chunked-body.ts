import { giveRoom, type Room, takeRoom } from "../../mpegts/room.ts"

const head = /^(?:\r\n)?([\da-f]{1,7})\r\n$/i
const headSoFar = /^\r?\n?[\da-f]{0,7}\r?\n?$/i
const maxHeadBytes = 11
const none = Buffer.alloc(0)
const noChunk = Buffer.from("no chunk")

/** What came of a body in chunks (RFC 9112 7.1). */
export interface Unchunked {
  body: Buffer
  /** From the last chunk on, or from a chunk's head on that only a real parser may judge: not part of the body. */
  over: Buffer | null
}

/** Takes the plain kind of chunks apart, in the memory in which they come. */
export class ChunkedBody {
  /** Of the chunk that is coming. */
  #left = 0
  /** What stands before the next one's head: the end of the last one. */
  #end = ""
  /** What came of both. */
  #line = ""

  push(data: Buffer): Unchunked {
    const room = takeRoom(data)
    let at = 0
    let from = -1
    let to = 0
    while (at < data.length) {
      if (this.#left === 0) {
        const end = this.#readLine(data, at)
        if (end === null) return { body: slice(data, from, to, room), over: this.#giveUp(data, at) }
        at = end
        continue
      }
      const count = Math.min(this.#left, data.length - at)
      // All of it in one piece: what comes later is moved to the end of what came before.
      if (from < 0) from = to = at
      else data.copyWithin(to, at, at + count)
      to += count
      at += count
      this.#left -= count
    }
    return { body: slice(data, from, to, room), over: null }
  }

  /** Where the chunk begins, or the data ends; null for what is no plain chunk with something in it. */
  #readLine(data: Buffer, from: number): number | null {
    const known = this.#line.length
    const text = this.#line + data.toString("latin1", from, from + maxHeadBytes - known)
    const end = text.indexOf("\n", this.#end.length) + 1
    const hasEnd = text.startsWith(this.#end) || this.#end.startsWith(text)
    if (end === 0 && hasEnd && text.length < maxHeadBytes && headSoFar.test(text)) {
      this.#line = text
      return data.length
    }
    const size = hasEnd ? Number.parseInt(head.exec(text.slice(0, end))?.[1] ?? "0", 16) : 0
    if (size === 0) return null
    this.#left = size
    this.#line = ""
    this.#end = "\r\n"
    return from + end - known
  }

  /** The parser has seen none of the chunks, nor the end of any; where one does not end it is to see that. */
  #giveUp(data: Buffer, at: number): Buffer {
    const rest = Buffer.concat([Buffer.from(this.#line, "latin1"), data.subarray(at)])
    if (this.#end === "") return rest
    return rest[0] === 0x0d && rest[1] === 0x0a ? rest.subarray(2) : Buffer.concat([noChunk, rest])
  }
}

function slice(data: Buffer, from: number, to: number, room: Room | null): Buffer {
  if (from < 0) return none
  const body = data.subarray(from, to)
  return room === null ? body : giveRoom(body, room)
}
