import { describe, expect, it } from "vitest"
import { joinBytes } from "../playlist/join-bytes.ts"
import { collectBytes, readUntilEnd, streamOf } from "../test-support/streams.ts"
import { packGzip, unpackGzip } from "./paced.ts"

const encoder = new TextEncoder()

async function packed(...chunks: Uint8Array[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of packGzip(streamOf(chunks))) pieces.push(piece)
  return joinBytes(pieces)
}

/** Lines that pack some ten times smaller, as playlists do. */
function playlistLike(entries: number): Uint8Array {
  const line = (number: number) =>
    `#EXTINF:-1 tvg-id="${((number * 2_654_435_761) % 2 ** 32).toString(36)}" group-title="World",Channel ${number}\n`
  return encoder.encode(Array.from({ length: entries }, (_, number) => line(number)).join(""))
}

/** How much was given to a transform whenever something was taken from it. */
async function* inPieces(bytes: Uint8Array, given: { bytes: number }, size = 64 * 1024) {
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size)
    given.bytes += piece.length
    yield piece
  }
}

describe("packing and unpacking", () => {
  it.each([0, 1, 5, 65_535, 65_536, 65_537, 400_000])(
    "gives %i bytes back, however they are cut",
    async (size) => {
      const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)))
      const whole = joinBytes([bytes, new Uint8Array(size - bytes.length)])
      const gzip = await packed(whole.subarray(0, size / 3), whole.subarray(size / 3))
      for (const cut of [0, 1, 10, gzip.length - 1]) {
        const unpacked = unpackGzip(streamOf([gzip.subarray(0, cut), gzip.subarray(cut)]))
        expect(await collectBytes(unpacked)).toEqual(whole)
      }
    },
  )

  it("is the gzip that others read", async () => {
    const body = new Response(await packed(encoder.encode("text"))).body
    expect(await new Response(body?.pipeThrough(new DecompressionStream("gzip"))).text()).toBe("text")
  })

  it.each([1, 50_000])("breaks off where a gzip stream is cut %i bytes before its end", async (missing) => {
    const gzip = await packed(playlistLike(20_000))
    expect((await readUntilEnd(unpackGzip(streamOf([gzip.subarray(0, -missing)])))).brokeOff).toBe(true)
  })

  it("breaks off where bytes are wrong", async () => {
    const gzip = await packed(playlistLike(2_000))
    gzip.fill(0xff, 1_000, 1_100)
    expect((await readUntilEnd(unpackGzip(streamOf([gzip])))).brokeOff).toBe(true)
  })

  it.each([
    ["packing", packGzip],
    ["unpacking", unpackGzip],
  ])("%s breaks off when its source does", async (_, transform) => {
    const source = streamOf([await packed(playlistLike(100))], new Error("the bucket went away"))
    expect((await readUntilEnd(transform(source))).brokeOff).toBe(true)
  })

  it("lets its source go when its reader does", async () => {
    let isLeft = false
    async function* source() {
      try {
        for (;;) yield crypto.getRandomValues(new Uint8Array(65_536))
      } finally {
        isLeft = true
      }
    }
    const chunks = packGzip(source())
    await chunks.next()
    await chunks.return(undefined)
    expect(isLeft).toBe(true)
  })
})

describe("what is held", () => {
  it("of a playlist that is unpacked is less than 300 KB, and all of it comes", async () => {
    const whole = playlistLike(400_000)
    const gzip = await packed(whole)
    const ratio = whole.length / gzip.length
    expect(ratio).toBeGreaterThan(4)
    const given = { bytes: 0 }
    let [taken, mostHeld] = [0, 0]
    for await (const chunk of unpackGzip(inPieces(gzip, given, 8 * 1024))) {
      taken += chunk.length
      mostHeld = Math.max(mostHeld, given.bytes * ratio - taken)
    }
    expect(taken).toBe(whole.length)
    expect(mostHeld).toBeLessThan(300_000)
  })

  it("of text that unpacks to a thousand times its size is two pieces at most", async () => {
    const size = 100_000_000
    const gzip = await packed(...Array.from({ length: 100 }, () => new Uint8Array(size / 100)))
    const given = { bytes: 0 }
    let [taken, mostHeld] = [0, 0]
    for await (const chunk of unpackGzip(inPieces(gzip, given, 8 * 1024))) {
      taken += chunk.length
      mostHeld = Math.max(mostHeld, given.bytes * (size / gzip.length) - taken)
    }
    expect(taken).toBe(size)
    expect(mostHeld).toBeLessThan(18_000_000)
  })

  it("of what is packed is less than 300 KB", async () => {
    const noise = crypto.getRandomValues(new Uint8Array(65_536))
    const given = { bytes: 0 }
    const whole = joinBytes(Array.from({ length: 200 }, () => noise))
    let [taken, mostHeld] = [0, 0]
    for await (const chunk of packGzip(inPieces(whole, given))) {
      taken += chunk.length
      mostHeld = Math.max(mostHeld, given.bytes - taken)
    }
    expect(mostHeld).toBeLessThan(300_000)
  })
})
