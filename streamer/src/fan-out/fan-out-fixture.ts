import { createHash } from "node:crypto"
import { once } from "node:events"
import { createServer, get, type IncomingMessage, type Server } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { promisify } from "node:util"
import { afterEach, beforeEach } from "vitest"
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

const videoPid = 0x100
export const tables = Buffer.concat([
  ...packetise(0, 0, buildPat([{ programme: 1, pmtPid: 0x1000 }])),
  ...packetise(
    0x1000,
    0,
    buildPmt({ programme: 1, pcrPid: videoPid, streams: [{ pid: videoPid, streamType: 27 }] }),
  ),
])
export const keyframe = pesPacket(videoPid, 0, { dts90kHz: 0, data: [0, 0, 1, 0x65, 0x88] })
/** Packets of the picture that runs, told apart by `mark`. */
export function more(mark: number, count = 1): Buffer {
  const packets = Buffer.alloc(count * packetBytes, mark)
  for (let at = 0; at < packets.length; at += packetBytes)
    packets.set([0x47, videoPid >> 8, videoPid & 0xff, 0x10], at)
  return packets
}

export let fanOut: FanOut
export let viewers: Viewer[]
export let url: string
/** What a viewer may leave unread; a test may set another bound. */
export const bound = { maxBacklogBytes: 0 }
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

/** Adds every request to the fan-out, as a session does. */
export function useFanOut(): void {
  beforeEach(async () => {
    fanOut = new FanOut(16 * 1024 * 1024)
    bound.maxBacklogBytes = 16 * 1024 * 1024
    viewers = []
    const server = createServer(({ socket, httpVersionMinor }, response) => {
      response.writeHead(200, { "content-type": "video/mp2t" })
      response.flushHeaders()
      const viewer = new Viewer(socket, { chunked: httpVersionMinor >= 1, ...bound })
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
export const joined = (count: number) => until(`${count} viewers`, () => fanOut.viewers.size === count)

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
  const ended = once(response, "close").then(() => response.complete)
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
