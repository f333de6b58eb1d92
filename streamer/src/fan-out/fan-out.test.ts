import { createServer } from "node:http"
import type { Socket } from "node:net"
import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { fanOut, join, joined, rawClient, serve, useFanOut, viewers } from "./fan-out-fixture.ts"
import { keyframe, more, tables } from "./test-stream.ts"
import { Viewer } from "./viewer.ts"

vi.setConfig({ testTimeout: 20_000 })
useFanOut()

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
      socket.write = ((chunk: Buffer, done: () => void) => {
        written.push(chunk)
        return write(chunk, done)
      }) as typeof socket.write
      return written
    })
  }
  let sockets: Socket[]

  it("hands the same buffer to every viewer, for chunks and for the opening", async () => {
    sockets = []
    const server = createServer(({ socket }, response) => {
      response.writeHead(200)
      response.flushHeaders()
      sockets.push(socket)
      viewers.push(new Viewer(socket, { chunked: true }))
    })
    await serve(server)
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
