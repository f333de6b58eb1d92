import { createServer, type RequestListener, type Server } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { gzipSync } from "node:zlib"
import { afterEach, describe, expect, it } from "vitest"
import { ImportError } from "../import-error.ts"
import { type FetchLimits, type FetchOptions, fetchPieces } from "./fetch-pieces.ts"

const text = `#EXTM3U\n${"#EXTINF:-1,Näme\nhttp://h/1\n".repeat(200)}`
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A provider that answers as told; `sockets` are those that are open now. */
async function provider(answer: RequestListener) {
  const server: Server = createServer({ highWaterMark: 1024 }, answer)
  const sockets = new Set<Socket>()
  server.on("connection", (socket) => {
    socket.setNoDelay(true)
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.on("close", () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  closing.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets }
}

const options = (url: string, limits: Partial<FetchLimits> = {}) => ({
  url,
  headers: { "user-agent": "test" },
  onBytes: () => undefined,
  limits,
})
/** The whole answer. */
async function fetchText(from: FetchOptions): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of fetchPieces(from)) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}
const read = (url: string, limits?: Partial<FetchLimits>) => fetchText(options(url, limits))

/** Resolves when the provider's side of every connection is gone. */
const allClosed = (sockets: ReadonlySet<Socket>) =>
  Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve))))

// What earlier tests left behind would hide what a later one piles up.
setFlagsFromString("--expose-gc")
const collectGarbage = runInNewContext("gc") as () => void

describe("fetching a provider's answer", () => {
  it("unpacks gzip wherever its first bytes are cut, whatever the headers say", async () => {
    const packed = gzipSync(text)
    let pieces: Buffer[] = []
    let sendNext = () => {}
    const { url } = await provider((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" })
      const left = pieces.values()
      sendNext = () => {
        const next = left.next()
        if (next.done) response.end()
        else response.write(next.value)
      }
      sendNext()
    })
    // The next piece is sent when the one before was taken, so that none are joined on the way.
    const readInPieces = (cut: Buffer[]) => {
      pieces = cut
      return fetchText({ ...options(url), onBytes: () => sendNext() })
    }
    for (let cut = 1; cut <= 20; cut++)
      expect(await readInPieces([packed.subarray(0, cut), packed.subarray(cut)]), `cut at ${cut}`).toBe(text)
    expect(await readInPieces([...packed].map((byte) => Buffer.of(byte)))).toBe(text)
  })

  it("takes plain text for what it is although it is labelled gzip, and an answer of one byte", async () => {
    let body = text
    const { url } = await provider((_request, response) =>
      response.writeHead(200, { "content-type": "application/gzip" }).end(body),
    )
    expect(await read(url)).toBe(text)
    body = "\u001f"
    expect(await read(url)).toBe(body)
    body = ""
    expect(await read(url)).toBe("")
  })

  it("reads every member of a gzip file", async () => {
    const { url } = await provider((_request, response) =>
      response.end(Buffer.concat([gzipSync("one\n"), gzipSync("two\n"), gzipSync("three\n")])),
    )
    expect(await read(url)).toBe("one\ntwo\nthree\n")
  })

  it("says that gzip data is damaged, and that it is cut off", async () => {
    const packed = gzipSync(text)
    const damaged = Buffer.from(packed)
    damaged.fill(0xff, 12, 40)
    const flipped = Buffer.from(packed)
    flipped[packed.length - 6] = (flipped[packed.length - 6] ?? 0) ^ 0xff
    let body: Buffer = damaged
    const { url } = await provider((_request, response) => response.end(body))
    for (body of [damaged, flipped, packed.subarray(0, packed.length - 9), packed.subarray(0, 5)])
      await expect(read(url)).rejects.toMatchObject({
        code: "unreachable",
        message: expect.stringContaining("gzip data is damaged"),
      })
  })

  it("counts the bytes that came, not those they unpack to", async () => {
    const packed = gzipSync(text)
    const { url } = await provider((_request, response) => response.end(packed))
    let bytes = 0
    await fetchText({
      ...options(url),
      onBytes: (more) => {
        bytes += more
      },
    })
    expect(bytes).toBe(packed.length)
  })

  it("follows redirects, with its headers, but not for ever", async () => {
    const { url } = await provider((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end()
      else response.end(request.headers["user-agent"])
    })
    expect(await read(`${url}5`)).toBe("test")
    await expect(read(`${url}6`)).rejects.toMatchObject({ code: "http_status", message: /302/ })
  })

  it("says which status came", async () => {
    const { url } = await provider((_request, response) => response.writeHead(404).end("gone"))
    await expect(read(url)).rejects.toMatchObject({
      code: "http_status",
      message: "the provider answered 404",
    })
  })

  it("says that a connection was refused, without the address", async () => {
    const { url } = await provider(() => undefined)
    for (const close of closing.splice(0)) await close()
    const error = await read(url).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ImportError)
    expect(String(error)).toContain("refused")
    expect(String(error)).not.toContain("127.0.0.1")
  })

  it("says that a connection broke off in the middle of the answer", async () => {
    const { url } = await provider((_request, response) => {
      response.writeHead(200, { "content-length": "1000" })
      response.write("#EXTM3U\n", () => response.destroy())
    })
    await expect(read(url)).rejects.toMatchObject({ code: "unreachable", message: /broke off/ })
  })

  it("gives up on a provider that says nothing, or stops in the middle, packed or not", async () => {
    let begin: Buffer | null = null
    const { url, sockets } = await provider((_request, response) => {
      if (begin !== null) response.write(begin)
    })
    for (begin of [null, gzipSync(text).subarray(0, 40)]) {
      await expect(read(url, { answerMilliseconds: 30 })).rejects.toMatchObject({
        code: "unreachable",
        message: /does not answer in time/,
      })
      await allClosed(sockets)
    }
  })

  it("gives up on an answer that goes on and on", async () => {
    const { url } = await provider((_request, response) => {
      const drip = setInterval(() => response.write("#EXTM3U\n"), 5)
      response.on("close", () => clearInterval(drip))
    })
    await expect(read(url, { wholeMilliseconds: 100 })).rejects.toMatchObject({
      code: "unreachable",
      message: /does not end/,
    })
  })

  it("stops a decompression bomb at the set size, long before it is unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 ** 2))
    const { url } = await provider((_request, response) => response.end(bomb))
    let unpacked = 0
    const reading = async () => {
      for await (const piece of fetchPieces(options(url, { maxBytes: 1_000_000 }))) unpacked += piece.length
    }
    await expect(reading()).rejects.toMatchObject({ code: "too_large", message: /1000000 bytes/ })
    expect(unpacked).toBeLessThanOrEqual(1_000_000)
    expect(await read(url, { maxBytes: 64 * 1024 ** 2 })).toHaveLength(64 * 1024 ** 2)
  })

  it("bounds what comes unpacked as well", async () => {
    const { url } = await provider((_request, response) => response.end("x".repeat(5000)))
    await expect(read(url, { maxBytes: 4999 })).rejects.toMatchObject({ code: "too_large" })
    expect(await read(url, { maxBytes: 5000 })).toHaveLength(5000)
  })

  it("unpacks in small pieces, and no more than a slow reader has taken", async () => {
    // Zeros pack a thousandfold: one chunk of the socket holds some 64 MB of them.
    const packed = gzipSync(Buffer.alloc(128 * 1024 ** 2))
    const { url } = await provider((_request, response) => response.end(packed))
    const external = () => process.memoryUsage().arrayBuffers
    collectGarbage()
    const before = external()
    let most = 0
    let pieces = 0
    for await (const piece of fetchPieces(options(url))) {
      expect(piece.length).toBeLessThanOrEqual(64 * 1024)
      // Whatever piles up does so while the reader is away.
      if (pieces++ % 50 === 0) for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
      most = Math.max(most, external() - before)
    }
    expect(pieces).toBeGreaterThan(2000)
    expect(most).toBeLessThan(48 * 1024 ** 2)
  })

  it("does not read on from a fast provider while the reader is away", async () => {
    const sent = { bytes: 0 }
    const piece = Buffer.alloc(64 * 1024, "x")
    const { url } = await provider(async (_request, response) => {
      response.on("error", () => undefined)
      for (let count = 0; count < 4000 && !response.destroyed; count++) {
        sent.bytes += piece.length
        if (!response.write(piece))
          await new Promise<void>((resolve) => {
            const go = () => {
              response.off("drain", go)
              response.off("close", go)
              resolve()
            }
            response.once("drain", go)
            response.once("close", go)
          })
      }
      response.end()
    })
    const pieces = fetchPieces(options(url))
    await pieces.next()
    let seen = -1
    // The provider goes on until the buffers between are full, then it stands still.
    while (seen !== sent.bytes) {
      seen = sent.bytes
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
    }
    expect(sent.bytes).toBeLessThan(64 * 1024 ** 2)
    await pieces.return(undefined)
  })

  it("leaves no connection when the reader stops early, packed or not", async () => {
    const packed = gzipSync(Buffer.alloc(32 * 1024 ** 2))
    let body: Buffer = packed
    const { url, sockets } = await provider((_request, response) => void response.write(body))
    for (body of [packed, Buffer.alloc(4 * 1024 ** 2)]) {
      for await (const piece of fetchPieces(options(url))) {
        expect(piece.length).toBeGreaterThan(0)
        break
      }
      await allClosed(sockets)
      expect(sockets.size).toBe(0)
    }
  })

  it("leaves no connection after an error status", async () => {
    const { url, sockets } = await provider((_request, response) => void response.writeHead(503).write("x"))
    await expect(read(url)).rejects.toMatchObject({ code: "http_status" })
    await allClosed(sockets)
    expect(sockets.size).toBe(0)
  })
})
