import { createHash } from "node:crypto"
import { once } from "node:events"
import { createServer, get, type IncomingMessage } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { promisify } from "node:util"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import {
  buildPat,
  buildPmt,
  packetise,
  pesPacket,
} from "../../../infra/e2e/player/test-support/build-tables.ts"
import { openClient, type TestClient } from "../../../infra/local/demo-provider/client-for-tests.ts"
import { packetBytes } from "../mpegts/packet.ts"
import { until } from "../pool/pool-fixture.ts"
import { FanOut } from "./fan-out.ts"
import { Viewer } from "./viewer.ts"

vi.setConfig({ testTimeout: 20_000 })

const videoPid = 0x100
const tables = Buffer.concat([
  ...packetise(0, 0, buildPat([{ programme: 1, pmtPid: 0x1000 }])),
  ...packetise(
    0x1000,
    0,
    buildPmt({ programme: 1, pcrPid: videoPid, streams: [{ pid: videoPid, streamType: 27 }] }),
  ),
])
const keyframe = pesPacket(videoPid, 0, { dts90kHz: 0, data: [0, 0, 1, 0x65, 0x88] })
/** Packets of the picture that runs, told apart by `mark`. */
function more(mark: number, count = 1): Buffer {
  const packets = Buffer.alloc(count * packetBytes, mark)
  for (let at = 0; at < packets.length; at += packetBytes)
    packets.set([0x47, videoPid >> 8, videoPid & 0xff, 0x10], at)
  return packets
}

let fanOut: FanOut
let maxBacklogBytes: number
let viewers: Viewer[]
let url: string
let close: () => Promise<void>
/** Sockets that the server has open. */
let connections: () => Promise<number>
const clients: TestClient[] = []

/** Adds every request to the fan-out, as a session does. */
beforeEach(async () => {
  fanOut = new FanOut(16 * 1024 * 1024)
  maxBacklogBytes = 16 * 1024 * 1024
  viewers = []
  const server = createServer(({ socket, httpVersionMinor }, response) => {
    response.writeHead(200, { "content-type": "video/mp2t" })
    response.flushHeaders()
    const viewer = new Viewer(socket, { chunked: httpVersionMinor >= 1, maxBacklogBytes })
    viewers.push(viewer)
    fanOut.add(viewer)
    void viewer.ended.then(() => fanOut.remove(viewer))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  connections = promisify(server.getConnections.bind(server))
  close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await close()
})

async function join(): Promise<TestClient> {
  const client = await openClient(url)
  clients.push(client)
  return client
}
const joined = (count: number) => until(`${count} viewers`, () => fanOut.viewers.size === count)

/** A player that counts and digests what it gets, and keeps none of it. */
async function countingClient() {
  const digest = createHash("sha256")
  let bytes = 0
  const request = get(url, { agent: false })
  request.on("error", () => undefined)
  const [response] = (await once(request, "response")) as [IncomingMessage]
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length
    digest.update(chunk)
  })
  response.on("error", () => undefined)
  const ended = once(response, "close").then(() => response.complete)
  return { bytes: () => bytes, digest: () => digest.digest("hex"), ended, close: () => request.destroy() }
}

/** A player that speaks to the socket itself, and reads only when it is told to. */
async function rawClient(
  request: string,
  options: { allowHalfOpen?: boolean } = {},
): Promise<{ socket: Socket }> {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", ...options })
  socket.on("error", () => undefined)
  socket.write(request)
  await until("it is a viewer", () => viewers.length > 0)
  return { socket }
}

describe("what viewers get", () => {
  it("is every byte, in frames that a real HTTP client decodes", async () => {
    const client = await join()
    await joined(1)
    const chunks = [Buffer.concat([tables, keyframe]), more(1), more(2, 7), more(3, 350), more(4, 4000)]
    for (const chunk of chunks) fanOut.push(chunk)
    fanOut.close()
    expect(await client.ended).toBe("end")
    expect(client.headers["transfer-encoding"]).toBe("chunked")
    expect(client.received().equals(Buffer.concat(chunks))).toBe(true)
  })

  it("is framed by nothing but the bytes of RFC 9112 7.1", async () => {
    const { socket } = await rawClient("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    const chunks: Buffer[] = []
    socket.on("data", (chunk: Buffer) => chunks.push(chunk))
    fanOut.push(Buffer.concat([tables, keyframe]))
    fanOut.push(more(1))
    fanOut.close()
    await until("the connection is closed", () => socket.closed)
    const text = Buffer.concat(chunks)
    const body = text.subarray(text.indexOf("\r\n\r\n") + 4)
    const expected = [
      "234\r\n",
      Buffer.concat([tables, keyframe]),
      "\r\n",
      "bc\r\n",
      more(1),
      "\r\n",
      "0\r\n\r\n",
    ]
    expect(body).toEqual(Buffer.concat(expected.map((part) => Buffer.from(part as string))))
  })

  it("is raw bytes and a closed connection for HTTP/1.0", async () => {
    const { socket } = await rawClient("GET / HTTP/1.0\r\n\r\n")
    const chunks: Buffer[] = []
    socket.on("data", (chunk: Buffer) => chunks.push(chunk))
    fanOut.push(Buffer.concat([tables, keyframe]))
    fanOut.push(more(1))
    fanOut.close()
    await until("the connection is closed", () => socket.closed)
    const text = Buffer.concat(chunks)
    expect(text.subarray(0, text.indexOf("\r\n\r\n")).toString()).not.toMatch(/transfer-encoding/i)
    expect(text.subarray(text.indexOf("\r\n\r\n") + 4)).toEqual(Buffer.concat([tables, keyframe, more(1)]))
  })

  it("begins with tables and the keyframe, whether they wait for it or come later", async () => {
    const waiting = await join()
    await joined(1)
    fanOut.push(tables)
    fanOut.push(more(1))
    fanOut.push(keyframe)
    fanOut.push(more(2))
    const late = await join()
    await joined(2)
    fanOut.push(more(3))
    const expected = Buffer.concat([tables, keyframe, more(2), more(3)])
    for (const client of [waiting, late]) {
      expect((await client.atLeast(expected.length)).equals(expected)).toBe(true)
    }
  })

  it("is nothing but an answer while there is no keyframe", async () => {
    const client = await join()
    await joined(1)
    fanOut.push(Buffer.concat([tables, more(1, 100)]))
    fanOut.close()
    expect(await client.ended).toBe("end")
    expect([client.status, client.received().length]).toEqual([200, 0])
  })
})

describe("sharing", () => {
  /** The buffers that are written to each viewer's socket from now on. */
  function writes(): Buffer[][] {
    return viewers.map((_, index) => {
      const written: Buffer[] = []
      const socket = sockets[index]
      if (socket === undefined) throw new Error("no socket")
      const write = socket.write.bind(socket)
      socket.write = ((chunk: Buffer) => {
        written.push(chunk)
        return write(chunk)
      }) as typeof socket.write
      return written
    })
  }
  let sockets: Socket[]

  it("hands the same buffer to every viewer, for chunks and for the opening", async () => {
    await close()
    sockets = []
    const server = createServer(({ socket }, response) => {
      response.writeHead(200)
      response.flushHeaders()
      sockets.push(socket)
      viewers.push(new Viewer(socket, { chunked: true, maxBacklogBytes }))
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    for (let count = 0; count < 5; count++) await join()
    const written = writes()
    fanOut.push(Buffer.concat([tables, keyframe]))
    for (const viewer of viewers) fanOut.add(viewer)
    fanOut.push(more(1, 50))
    const [first = []] = written
    expect(first).toHaveLength(2)
    for (const each of written) {
      expect(each[0]).toBe(first[0])
      expect(each[1]).toBe(first[1])
    }
  })
})

describe("a viewer who stops reading", () => {
  it("is dropped past the bound, while the others get every byte", async () => {
    maxBacklogBytes = 1024 * 1024
    const others = [await countingClient(), await countingClient()]
    await joined(2)
    const { socket } = await rawClient("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    socket.pause()
    await joined(3)
    const slow = viewers[2]
    const digest = createHash("sha256")
    let pushed = 0
    const push = (chunk: Buffer) => {
      fanOut.push(chunk)
      digest.update(chunk)
      pushed += chunk.length
    }
    push(Buffer.concat([tables, keyframe]))
    while (fanOut.viewers.size === 3 && pushed < 200 * 1024 * 1024) {
      push(more(pushed % 40, 300))
      await until("the others have it", () => others.every((other) => other.bytes() === pushed))
    }
    expect(await slow?.ended).toBe("too-slow")
    expect(fanOut.viewers.size).toBe(2)
    // The kernel's own buffers come on top of the bound.
    expect(pushed).toBeGreaterThan(maxBacklogBytes)
    expect(pushed).toBeLessThan(maxBacklogBytes + 32 * 1024 * 1024)
    push(more(9, 10))
    fanOut.close()
    expect(await Promise.all(others.map((other) => other.ended))).toEqual([true, true])
    const expected = digest.digest("hex")
    expect(others.map((other) => other.digest())).toEqual([expected, expected])
  })

  it("is not dropped for an opening as large as the bound", async () => {
    maxBacklogBytes = 256 * 1024
    const opening = Buffer.concat([tables, keyframe, more(1, 80_000)])
    fanOut.push(opening)
    const { socket } = await rawClient("GET / HTTP/1.0\r\n\r\n")
    socket.pause()
    await joined(1)
    for (let count = 0; count < 5; count++) fanOut.push(more(2))
    expect(viewers[0]?.state).toBe("playing")
    let bytes = 0
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length
    })
    socket.resume()
    await until("all has come", () => bytes > opening.length + 5 * packetBytes)
    expect(fanOut.viewers.size).toBe(1)
  })

  it("is let go when the stream is over and they take nothing more", async () => {
    const { socket } = await rawClient("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    socket.pause()
    fanOut.push(Buffer.concat([tables, keyframe, more(1, 80_000)]))
    fanOut.close()
    expect(await viewers[0]?.ended).toBe("stream-ended")
    await until("the connection is gone", async () => (await connections()) === 0)
    socket.destroy()
  })

  it("is let go at once when they took everything but do not hang up", async () => {
    const { socket } = await rawClient("GET / HTTP/1.1\r\nhost: a\r\n\r\n", { allowHalfOpen: true })
    socket.resume()
    fanOut.push(Buffer.concat([tables, keyframe]))
    fanOut.close()
    await until("the connection is gone", async () => (await connections()) === 0, 700)
    socket.destroy()
  })
})

describe("leaving", () => {
  it("is noticed, by whatever way the player goes", async () => {
    const client = await join()
    const { socket } = await rawClient("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    await joined(2)
    client.close()
    socket.resetAndDestroy()
    await joined(0)
    expect(await Promise.all(viewers.map((viewer) => viewer.ended))).toEqual(["left", "left"])
  })

  it("of a connection that was gone before is noticed too", async () => {
    const client = await join()
    await joined(1)
    client.close()
    await joined(0)
    const [first] = viewers
    if (first === undefined) throw new Error("no viewer")
    expect(first.state).toBe("ended")
    fanOut.push(Buffer.concat([tables, keyframe]))
    expect(first.bytesSent).toBe(0)
  })

  it("leaves no viewer, no listener and no memory behind, a thousand times", async () => {
    fanOut.push(Buffer.concat([tables, keyframe, more(1, 2000)]))
    const round = async () => {
      const clients = await Promise.all(Array.from({ length: 20 }, () => openClient(url)))
      await joined(20)
      fanOut.push(more(2, 20))
      for (const client of clients) client.close()
      await joined(0)
      viewers.length = 0
    }
    for (let warm = 0; warm < 5; warm++) await round()
    setFlagsFromString("--expose-gc")
    const collect = runInNewContext("gc") as () => void
    collect()
    const before = process.memoryUsage().arrayBuffers
    for (let turn = 0; turn < 50; turn++) await round()
    expect(fanOut.viewers.size).toBe(0)
    // Each viewer was sent over 400 KB: kept, they would be 400 MB. Sockets take a moment to let go of theirs.
    await until("the memory is given back", () => {
      collect()
      return process.memoryUsage().arrayBuffers - before < 20 * 1024 * 1024
    })
  })

  it("adds listeners to a socket once, however much is sent", async () => {
    await join()
    await joined(1)
    fanOut.push(Buffer.concat([tables, keyframe]))
    const warnings: Error[] = []
    const warn = (warning: Error) => void warnings.push(warning)
    process.on("warning", warn)
    for (let count = 0; count < 200; count++) fanOut.push(more(count))
    await until("all was sent", () => (viewers[0]?.bytesSent ?? 0) >= 200 * packetBytes)
    process.off("warning", warn)
    expect(warnings).toEqual([])
  })
})
