import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { setTimeout as pass } from "node:timers/promises"

export type Answer = (response: ServerResponse) => void | Promise<void>

const TS = { "content-type": "video/mp2t" }

/** Resolves when the kernel took the bytes, or the connection is gone. */
async function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  if (response.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  response.once("close", resolve)
  response.write(bytes, () => resolve())
  await promise
  response.off("close", resolve)
}

export interface Chunking {
  /** Sizes of the writes, used in turn. */
  readonly sizes: readonly number[]
  /** Silence before the byte at `at`. */
  readonly stall?: { readonly at: number; readonly ms: number }
}

async function writeChunks(
  response: ServerResponse,
  bytes: Buffer,
  { sizes, stall }: Chunking,
): Promise<void> {
  let at = 0
  let stalled = false
  for (let turn = 0; at < bytes.length; turn++) {
    if (stall !== undefined && !stalled && at >= stall.at) {
      stalled = true
      await pass(stall.ms)
    }
    const size = sizes[turn % sizes.length] ?? bytes.length
    await write(response, bytes.subarray(at, at + size))
    at += size
  }
}

export const whole =
  (bytes: Buffer, chunking: Chunking): Answer =>
  async (response) => {
    response.writeHead(200, TS)
    await writeChunks(response, bytes, chunking)
    response.end()
  }

/** Promises more than it sends, then resets the connection. */
export const cutOff =
  (bytes: Buffer, chunking: Chunking): Answer =>
  async (response) => {
    response.writeHead(200, { ...TS, "content-length": bytes.length * 2 })
    await writeChunks(response, bytes, chunking)
    response.destroy()
  }

/** Sends the stream at once, then nothing, and stays open. */
export const hangAfter =
  (bytes: Buffer): Answer =>
  async (response) => {
    response.writeHead(200, TS)
    await write(response, bytes)
  }

/** The stream over and over, as fast as it is taken; `onWrite` tells how much the sockets took. */
export const endless =
  (bytes: Buffer, onWrite: (length: number) => void = () => undefined): Answer =>
  async (response) => {
    response.writeHead(200, TS)
    while (!response.destroyed) {
      await write(response, bytes)
      onWrite(bytes.length)
    }
  }

/** Redirects, but never ends the redirect's own body. */
export const redirectAndHang =
  (location: string): Answer =>
  async (response) => {
    response.writeHead(302, { location })
    await write(response, Buffer.from("moved"))
  }

/** Sends the stream at once, and ends it only after a silence. */
export const endLate =
  (bytes: Buffer, ms: number): Answer =>
  async (response) => {
    response.writeHead(200, TS)
    await write(response, bytes)
    await pass(ms)
    response.end()
  }

export const redirectTo =
  (location: string): Answer =>
  (response) => {
    response.writeHead(302, { location }).end("moved")
  }

export const answerWith =
  (status: number, contentType: string, body: string): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": contentType }).end(body)
  }

/** A server on loopback that answers each path as `answers` says now, else 404. */
export async function startLoopback(answers: Map<string, Answer>) {
  const sockets = new Set<Socket>()
  const seen: { method: string; path: string; headers: NodeJS.Dict<string | string[]> }[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? "/"
    seen.push({ method: request.method ?? "", path, headers: request.headers })
    const answer = answers.get(path) ?? answerWith(404, "text/plain", "nothing here")
    void answer(response)
  })
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, "127.0.0.1", listening.resolve)
  await listening.promise
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    seen,
    openSockets: (): number => sockets.size,
    async close(): Promise<void> {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      server.closeAllConnections()
      await closed.promise
    },
  }
}
