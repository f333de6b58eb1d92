import { createServer, type Socket } from "node:net"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { until } from "../../pool/pool-fixture.ts"
import { HttpSession } from "./http-session.ts"

vi.setConfig({ testTimeout: 20_000 })

/** A server of one connection at a time, on which the test answers with what it likes. */
async function start(answer: (socket: Socket, request: number) => void) {
  let requests = 0
  let connections = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.on("data", (data) => {
      if (data.includes("\r\n\r\n")) answer(socket, requests++)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`
  const session = new HttpSession({
    ...{ url, headers: {}, stallMilliseconds: 2_000, maxRequests: 1, maxHeldBytes: 100_000 },
  })
  onTestFinished(async () => {
    await session.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url, session, connections: () => connections }
}

/** Reads it to its end. */
async function play({ session, url }: Awaited<ReturnType<typeof start>>) {
  const result = await session.get({ url })
  if (!result.ok) return { failure: result.failure }
  const chunks: Buffer[] = []
  const end = await result.answer.body.read((chunk) => void chunks.push(Buffer.from(chunk)))
  return { text: Buffer.concat(chunks).toString("latin1"), end }
}

const head = (fields = "") => `HTTP/1.1 200 OK\r\ncontent-type: video/mp2t\r\n${fields}\r\n`
const chunked = "transfer-encoding: chunked\r\n"

/** Writes it in pieces that the reader gets one by one. */
function trickle(socket: Socket, text: string, done: () => void = () => undefined): void {
  socket.setNoDelay(true)
  socket.write(text.slice(0, 1), "latin1")
  if (text === "") done()
  else setImmediate(() => trickle(socket, text.slice(1), done))
}

describe("a body without a length", () => {
  it("is all that comes until the connection ends", async () => {
    const server = await start((socket) => {
      trickle(socket, `${head()}abc`, () => socket.end("def"))
    })
    expect(await play(server)).toEqual({ text: "abcdef", end: { code: "ended" } })
  })

  it("ends like that when the connection is reset, and says so", async () => {
    const server = await start((socket) => {
      socket.write(`${head()}abc`, () => setTimeout(() => socket.resetAndDestroy(), 50))
    })
    expect(await play(server)).toEqual({ text: "abc", end: { code: "reset" } })
  })

  it("is taken out of its chunks, however these come, and the connection is used again", async () => {
    const server = await start((socket) => {
      trickle(socket, `${head(chunked)}3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n`)
    })
    for (let count = 0; count < 3; count++)
      expect(await play(server)).toEqual({ text: "abcdefg", end: { code: "ended" } })
    expect(server.connections()).toBe(1)
  })

  it("is undici's from a chunk on that is not plain", async () => {
    const server = await start((socket) => {
      socket.write(`${head(chunked)}3\r\nabc\r\n4;x=y\r\ndefg\r\n2\r\nhi\r\n0\r\nx: y\r\n\r\n`)
    })
    expect(await play(server)).toEqual({ text: "abcdefghi", end: { code: "ended" } })
  })

  it.each(["zz\r\n", "3\r\nabcdef\r\n"])("that breaks its chunks is no HTTP: %j", async (bad) => {
    const server = await start((socket) => void socket.write(`${head(chunked)}2\r\nhi\r\n${bad}`))
    expect((await play(server)).end).toEqual({ code: "protocol_error" })
  })

  it("that is broken off between two chunks has not ended well", async () => {
    const server = await start((socket) => void socket.end(`${head(chunked)}2\r\nhi\r\n`))
    expect(await play(server)).toEqual({ text: "hi", end: { code: "reset" } })
  })

  it("is found behind a redirect on the same connection, and behind a mended head", async () => {
    const server = await start((socket, request) => {
      if (request === 0) socket.write("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nno")
      else socket.end(`${head()}abc`)
    })
    expect(await play(server)).toEqual({ text: "abc", end: { code: "ended" } })
    expect(server.connections()).toBe(1)
    const icy = await start((socket) => void socket.end("ICY 200 OK\r\nicy-name : x\r\n\r\nabc"))
    expect(await play(icy)).toEqual({ text: "abc", end: { code: "ended" } })
  })

  it("makes the sender wait while nobody reads it, and loses nothing", async () => {
    const total = 20_000_000
    let sent = 0
    const server = await start((socket) => {
      socket.write(head())
      const more = () => {
        while (sent < total) {
          const block = Buffer.alloc(50_000, sent / 50_000)
          sent += block.length
          if (!socket.write(block)) return void socket.once("drain", more)
        }
        socket.end()
      }
      more()
    })
    const result = await server.session.get({ url: server.url })
    if (!result.ok) throw new Error("it was not opened")
    await until("the sender waits", async () => {
      const before = sent
      await new Promise((resolve) => setTimeout(resolve, 100))
      return before > 0 && sent === before
    })
    expect(sent).toBeLessThan(total)
    let taken = 0
    await result.answer.body.read((chunk) => {
      for (const value of chunk)
        if (value !== (Math.floor(taken++ / 50_000) & 0xff)) throw new Error("mixed up")
    })
    expect(taken).toBe(total)
  })
})

describe("a body with a large length", () => {
  const large = (value: number) => Buffer.alloc(700_000, value)
  const counted = head("content-length: 700000\r\n")

  it("is all of that, and the connection goes on with the next answer", async () => {
    const server = await start((socket, request) => {
      socket.write(counted)
      socket.write(large(request))
    })
    for (let request = 0; request < 3; request++) {
      const result = await server.session.get({ url: server.url })
      if (!result.ok) throw new Error("it was not opened")
      expect(result.answer.headers["content-length"]).toBe("700000")
      const chunks: Buffer[] = []
      const end = await result.answer.body.read((chunk) => void chunks.push(Buffer.from(chunk)))
      expect(end).toEqual({ code: "ended" })
      expect(Buffer.concat(chunks).equals(large(request))).toBe(true)
    }
    expect(server.connections()).toBe(1)
  })

  it("does not let what comes behind it into it", async () => {
    const server = await start((socket, request) => {
      if (request === 0)
        trickle(socket, "", () => socket.write(Buffer.concat([Buffer.from(counted), large(7)])))
      else socket.end(`${head("content-length: 3\r\n")}abc`)
    })
    expect((await play(server)).text).toHaveLength(700_000)
    expect(await play(server)).toEqual({ text: "abc", end: { code: "ended" } })
  })

  it("is broken off where the connection ends before", async () => {
    const server = await start((socket) => {
      socket.write(counted)
      socket.end(large(1).subarray(1))
    })
    const { text, end } = await play(server)
    expect(text).toHaveLength(699_999)
    expect(end).toEqual({ code: "reset" })
  })

  it("has its sender wait while the reader does, and come to its end then", async () => {
    let sent = 0
    const total = 200 * 50_000
    const server = await start((socket) => {
      socket.write(head(`content-length: ${total}\r\n`))
      const more = () => {
        while (sent < total) {
          const piece = Buffer.alloc(50_000, sent / 50_000)
          sent += piece.length
          if (!socket.write(piece)) return void socket.once("drain", more)
        }
      }
      more()
    })
    const result = await server.session.get({ url: server.url })
    if (!result.ok) throw new Error("it was not opened")
    const { body } = result.answer
    let taken = 0
    const read = body.read((chunk) => {
      for (const value of chunk)
        if (value !== (Math.floor(taken++ / 50_000) & 0xff)) throw new Error("mixed up")
      body.pause()
    })
    let before = -1
    await until("the sender waits", async () => {
      const isStill = taken > 0 && sent === before
      before = sent
      await new Promise((resolve) => setTimeout(resolve, 100))
      return isStill
    })
    expect(sent).toBeLessThan(total)
    const resuming = setInterval(() => body.resume(), 1)
    expect(await read).toEqual({ code: "ended" })
    clearInterval(resuming)
    expect(taken).toBe(total)
  })
})

describe("a body with a length", () => {
  it("is undici's, and the next answer on the connection is tapped", async () => {
    const server = await start((socket, request) => {
      if (request === 0) socket.write(`${head("content-length: 3\r\n")}abc`)
      else socket.end(`${head()}def`)
    })
    expect(await play(server)).toEqual({ text: "abc", end: { code: "ended" } })
    expect(await play(server)).toEqual({ text: "def", end: { code: "ended" } })
    expect(server.connections()).toBe(1)
  })
})
