import { createHash } from "node:crypto"
import { once } from "node:events"
import { createServer, get, type IncomingMessage, type Server } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { promisify } from "node:util"
import { afterEach, beforeEach } from "vitest"
import { openClient, type TestClient } from "../../../infra/local/demo-provider/client-for-tests.ts"
import { until } from "../pool/pool-fixture.ts"
import { FanOut } from "./fan-out.ts"
import { Viewer } from "./viewer.ts"
import { WritePace } from "./write-pace.ts"

export let fanOut: FanOut
export let viewers: Viewer[]
export let url: string
let close: () => Promise<void>
/** Sockets that the server has open. */
export let connections: () => Promise<number>
const clients: TestClient[] = []

/** Serves players in place of what served them before. */
export async function serve(server: Server): Promise<void> {
  await close?.()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  connections = promisify(server.getConnections.bind(server))
  close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
}

/** Serves another live stream from now on, which may hold so much. */
export function bound(maxBytes: number): void {
  fanOut = new FanOut(maxBytes, { pace: new WritePace(() => 0) })
}

/** Adds every request to the fan-out, as a session does. */
export function useFanOut(): void {
  beforeEach(async () => {
    bound(16 * 1024 * 1024)
    viewers = []
    const server = createServer(({ socket, httpVersionMinor }, response) => {
      response.writeHead(200, { "content-type": "video/mp2t" })
      response.flushHeaders()
      const viewer = new Viewer(socket, { chunked: httpVersionMinor >= 1 })
      viewers.push(viewer)
      fanOut.add(viewer)
      void viewer.ended.then(() => fanOut.remove(viewer))
    })
    await serve(server)
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await close()
  })
}

export async function join(): Promise<TestClient> {
  const client = await openClient(url)
  clients.push(client)
  return client
}
export const joined = (count: number) => until(`${count} viewers`, () => fanOut.subscribers.size === count)

/** A player that counts and digests what it gets, and keeps none of it. */
export async function countingClient() {
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
  const ended = new Promise<boolean>((resolve) => response.once("close", () => resolve(response.complete)))
  return { bytes: () => bytes, digest: () => digest.digest("hex"), ended, close: () => request.destroy() }
}

/** A player that speaks to the socket itself, and reads only when it is told to. */
export async function rawClient(
  request: string,
  options: { allowHalfOpen?: boolean } = {},
): Promise<{ socket: Socket }> {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", ...options })
  socket.on("error", () => undefined)
  socket.write(request)
  await until("it is a viewer", () => viewers.length > 0)
  return { socket }
}
