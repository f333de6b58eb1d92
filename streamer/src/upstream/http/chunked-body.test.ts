import { describe, expect, it } from "vitest"
import { allocateRoomy, takeRoom } from "../../mpegts/room.ts"
import { ChunkedBody } from "./chunked-body.ts"

/** What comes out of a body that comes in pieces of this size. */
function read(text: string, pieceBytes: number) {
  const chunks = new ChunkedBody()
  const data = Buffer.from(text, "latin1")
  let body = ""
  for (let at = 0; at < data.length; at += pieceBytes) {
    const pushed = chunks.push(Buffer.from(data.subarray(at, at + pieceBytes)))
    body += pushed.body.toString("latin1")
    if (pushed.over !== null)
      return { body, over: pushed.over.toString("latin1") + text.slice(at + pieceBytes) }
  }
  return { body, over: null }
}

describe("a body in chunks", () => {
  const text = "5\r\nhello\r\nB\r\n, the world\r\n1\r\n!\r\n"

  it.each([1, 2, 3, 5, 7, 11, 100])("is taken apart, in pieces of %i bytes", (pieceBytes) => {
    expect(read(text, pieceBytes)).toEqual({ body: "hello, the world!", over: null })
    expect(read(`${text}0\r\n\r\nnext`, pieceBytes)).toEqual({
      body: "hello, the world!",
      over: "0\r\n\r\nnext",
    })
  })

  it.each(["5;a=b\r\nhello\r\n", "zz\r\n", "123456789\r\n", "5\nhello"])(
    "leaves a chunk that is not plain to the parser: %j",
    (other) => {
      for (const pieceBytes of [1, 4, 100]) {
        expect(read(other, pieceBytes)).toEqual({ body: "", over: other })
        expect(read(`3\r\nabc\r\n${other}`, pieceBytes)).toEqual({ body: "abc", over: other })
      }
    },
  )

  it("has the parser refuse what stands where a chunk should end", () => {
    for (const pieceBytes of [1, 4, 100])
      for (const bad of ["def\r\n", "\r5\r\n", "\n5\r\n"])
        expect(read(`3\r\nabc${bad}`, pieceBytes)).toEqual({ body: "abc", over: `no chunk${bad}` })
  })

  it("stays in its memory, with the room before it", () => {
    const data = allocateRoomy(16)
    data.write("3\r\nabc\r\n3\r\nxyz\r\n")
    const { body } = new ChunkedBody().push(data)
    expect([body.toString(), body.buffer === data.buffer]).toEqual(["abcxyz", true])
    expect(takeRoom(body)?.before).toBeGreaterThanOrEqual(256)
  })
})
