import { createCipheriv } from "node:crypto"
import { describe, expect, it, vi } from "vitest"
import { until } from "../../pool/pool-fixture.ts"
import { openStream } from "../open-stream.ts"
import { ivOf } from "./decrypt.ts"
import { play, playlistText, request, serve, tsSegment } from "./hls-fixture.ts"

vi.setConfig({ testTimeout: 20_000 })

const sequenceOf = (path: string) => Number(/(\d+)\.ts/.exec(path)?.[1] ?? Number.NaN)
const key = Buffer.from("0123456789abcdef")

function encrypted(sequence: number, iv: Buffer): Buffer {
  const cipher = createCipheriv("aes-128-cbc", key, iv)
  return Buffer.concat([cipher.update(tsSegment(sequence)), cipher.final()])
}
const all = (...sequences: number[]) => Buffer.concat(sequences.map((each) => tsSegment(each)))

describe("an encrypted segment", () => {
  it.each([
    ["its number", undefined],
    ["the playlist", Buffer.from("000102030405060708090a0b0c0d0e0f", "hex")],
    ["the playlist, short", Buffer.from("0000000000000000000000000000beef", "hex")],
  ])("is decrypted with the vector that %s gives, its key asked for once", async (_, iv) => {
    const shown = iv?.toString("hex").replace(/^0{28}/, "")
    const attribute = shown === undefined ? "" : `,IV=0x${shown}`
    const server = await serve((path) => {
      if (path === "/live")
        return playlistText({
          first: 7,
          count: 3,
          head: `#EXT-X-KEY:METHOD=AES-128,URI="key?a=b,c"${attribute}`,
        })
      if (path.startsWith("/key")) return { status: 200, body: key }
      return encrypted(sequenceOf(path), iv ?? ivOf(sequenceOf(path)))
    })
    const stream = await play(`${server.url}/live`)
    await stream.until(3)
    expect(stream.bytes().equals(all(7, 8, 9))).toBe(true)
    expect(server.requests.filter((path) => path.startsWith("/key"))).toEqual(["/key?a=b,c"])
  })

  it("may have another key each, or none", async () => {
    const server = await serve((path) => {
      const before = (n: number) => `#EXT-X-KEY:${n === 2 ? "METHOD=NONE" : `METHOD=AES-128,URI="key${n}"`}`
      if (path === "/live") return playlistText({ first: 1, count: 3, before })
      if (path.startsWith("/key")) return { status: 200, body: key }
      return sequenceOf(path) === 2 ? tsSegment(2) : encrypted(sequenceOf(path), ivOf(sequenceOf(path)))
    })
    const stream = await play(`${server.url}/live`)
    await stream.until(3)
    expect(stream.bytes().equals(all(1, 2, 3))).toBe(true)
    expect(server.requests.filter((path) => path.startsWith("/key"))).toEqual(["/key1", "/key3"])
  })

  it.each([
    'METHOD=SAMPLE-AES,URI="k"',
    'METHOD=AES-128,URI="skd://k",KEYFORMAT="com.apple.streamingkeydelivery"',
  ])("is unsupported by other means: %s", async (attributes) => {
    const head = `#EXT-X-KEY:${attributes}`
    const server = await serve((path) =>
      path === "/live" ? playlistText({ first: 1, count: 3, head }) : tsSegment(1),
    )
    expect(await openStream(request(`${server.url}/live`))).toEqual({
      ok: false,
      failure: { code: "unsupported", what: "encryption" },
    })
  })
})

describe("a segment", () => {
  it("comes after a seam, which says where EXT-X-DISCONTINUITY stands", async () => {
    const server = await serve((path) =>
      path === "/live"
        ? playlistText({ first: 1, count: 3, before: (n) => (n === 3 ? "#EXT-X-DISCONTINUITY" : "") })
        : tsSegment(sequenceOf(path)),
    )
    const stream = await play(`${server.url}/live`)
    await stream.until(3)
    const { length } = tsSegment(1)
    expect(stream.seams).toEqual([
      { seam: "segment", atByte: length },
      { seam: "discontinuity", atByte: 2 * length },
    ])
  })

  it.each(["part", "whole"])("may be a part of a file, of which the server sends the %s", async (sends) => {
    const file = all(1, 2, 3)
    const { length } = tsSegment(1)
    const ranges: (string | undefined)[] = []
    const server = await serve((path, { headers }) => {
      const before = (n: number) => `#EXT-X-BYTERANGE:${length}${n === 1 ? "@0" : ""}`
      if (path === "/live") return playlistText({ first: 1, count: 3, before, name: () => "all.ts" })
      ranges.push(headers.range)
      const [from = 0, to = 0] = (headers.range ?? "").replace("bytes=", "").split("-").map(Number)
      return sends === "whole" ? file : { status: 206, body: file.subarray(from, to + 1) }
    })
    const stream = await play(`${server.url}/live`)
    await stream.until(3)
    expect(stream.bytes().equals(file)).toBe(true)
    expect(ranges).toEqual([
      `bytes=0-${length - 1}`,
      `bytes=${length}-${2 * length - 1}`,
      `bytes=${2 * length}-${3 * length - 1}`,
    ])
  })

  it("that breaks off is asked for again, and goes on where it broke", async () => {
    let broken = 0
    const server = await serve((path) => {
      if (path === "/live") return playlistText({ first: 1, count: 3 })
      if (path !== "/seg2.ts" || broken++ > 0) return tsSegment(sequenceOf(path), 20)
      // Less than was announced.
      const body = tsSegment(2, 20).subarray(0, 2_000)
      return { status: 200, body, headers: { "content-length": "3760", connection: "close" } }
    })
    const stream = await play(`${server.url}/live`)
    await until("all came", () => stream.bytes().length === 3 * 20 * 188, 5_000)
    expect(stream.bytes().equals(Buffer.concat([1, 2, 3].map((n) => tsSegment(n, 20))))).toBe(true)
    expect(server.segmentRequests()).toEqual([1, 2, 3, 2])
    expect(stream.seams.map(({ seam }) => seam)).toEqual(["segment", "segment"])
  })

  it.each([
    ["is missing", { status: 404 }],
    ["is a web page", { status: 200, body: "<!DOCTYPE html>" }],
    ["is empty", { status: 200, body: "" }],
  ])(
    "that %s is tried twice at once, once after the next load, and left out with a seam",
    async (_, answer) => {
      let first = 1
      const server = await serve((path) => {
        if (path === "/live") return playlistText({ first, count: 4 })
        return path === "/seg3.ts" ? answer : tsSegment(sequenceOf(path))
      })
      const stream = await play(`${server.url}/live`)
      await stream.until(1)
      await until("it is tried twice", () => server.segmentRequests().filter((n) => n === 3).length === 2)
      first = 2
      await stream.pass(2_000, server)
      await stream.until(3)
      expect(stream.segments()).toEqual([2, 4, 5])
      expect(server.segmentRequests().filter((n) => n === 3).length).toBe(3)
      expect(stream.seams.map(({ seam }) => seam)).toEqual(["discontinuity", "segment"])
    },
  )

  it("that is announced as a gap is not asked for", async () => {
    const server = await serve((path) =>
      path === "/live"
        ? playlistText({ first: 1, count: 3, before: (n) => (n === 2 ? "#EXT-X-GAP" : "") })
        : tsSegment(sequenceOf(path)),
    )
    const stream = await play(`${server.url}/live`)
    await stream.until(2)
    expect([stream.segments(), server.segmentRequests()]).toEqual([
      [1, 3],
      [1, 3],
    ])
    expect(stream.seams.map(({ seam }) => seam)).toEqual(["discontinuity"])
  })

  it("is loaded ahead while the one before it comes", async () => {
    let release: () => void = () => undefined
    const server = await serve((path, request) => {
      if (path === "/live") return playlistText({ first: 1, count: 3 })
      if (path !== "/seg1.ts") return tsSegment(sequenceOf(path))
      const { socket } = request
      socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
      socket.write(tsSegment(1))
      release = () => void socket.end()
      return "hang"
    })
    const stream = await play(`${server.url}/live`)
    await stream.until(1)
    await until("the next is asked for", () => server.requests.includes("/seg2.ts"))
    expect(stream.segments()).toEqual([1])
    expect(server.requests).not.toContain("/seg3.ts")
    release()
    await stream.until(3)
    expect(stream.segments()).toEqual([1, 2, 3])
  })
})
