import { createServer, type RequestListener } from "node:http"
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net"
import { afterAll, afterEach, beforeAll } from "vitest"
import { smallChannels, temporaryFolder } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import {
  type DemoProvider,
  startDemoProvider,
} from "../../../infra/local/demo-provider/start-demo-provider.ts"
import { until } from "../pool/pool-fixture.ts"
import { openHttp } from "./open-http.ts"
import type { Upstream, UpstreamFailure } from "./upstream.ts"

export const stallMilliseconds = 250
export const staying = new AbortController().signal

/** A provider with accounts of one connection, which the tests of a file share. */
export let provider: DemoProvider
export const opened: Upstream[] = []
const servers: { close(): Promise<void> }[] = []

/** Starts the provider for all tests of a file, and closes what each of them opened. */
export function useProvider(): void {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeAll(async () => {
    folder = await temporaryFolder()
    const accounts = [
      { username: "demo", password: "demo", maxConnections: 1 },
      // A session of HLS counts for some seconds after its last request.
      { username: "hls", password: "hls", maxConnections: 1 },
    ]
    provider = await startDemoProvider({
      dataDir: folder.path,
      channels: smallChannels,
      movieSeconds: 2,
      accounts,
    })
  })
  afterEach(async () => {
    for (const upstream of opened.splice(0)) await upstream.close()
    for (const server of servers.splice(0)) await server.close()
    provider.clearFaults()
    provider.setSettings({ redirect: false, whenFull: 403 })
    await until("the provider is idle", () => active() === 0)
  })
  afterAll(async () => {
    await provider.close()
    await folder.remove()
  })
}

export const active = () => provider.connections().accounts.demo?.active ?? 0
export const channel = (id = 1) => `${provider.url}/live/demo/demo/${id}.ts`

export async function open(
  url: string,
  options: { signal?: AbortSignal; headers?: Record<string, string> } = {},
) {
  const result = await openHttp({ url, headers: {}, stallMilliseconds, signal: staying, ...options })
  if (result.ok) opened.push(result.upstream)
  return result
}

/** The failure; when it opened, the reason of its end. */
export async function failure(url: string): Promise<UpstreamFailure> {
  const result = await open(url)
  return result.ok ? await result.upstream.read(() => undefined) : result.failure
}

/** A server whose open sockets can be counted. */
export async function counted(server: Server) {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on("connection", (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.once("close", () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const each = {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    openSockets: () => sockets.size,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  servers.push(each)
  return each
}
/** Answers every connection with these bytes, then does what it is told. */
export const raw = (bytes: string, then: (socket: Socket) => void = () => undefined) =>
  counted(
    createTcpServer((socket) => {
      socket.once("data", () => {
        socket.write(bytes)
        then(socket)
      })
    }),
  )
export const web = (listener: RequestListener) => counted(createServer(listener))

export async function unusedPort(): Promise<number> {
  const server = await counted(createTcpServer((socket) => void socket.resume()))
  const port = Number(server.host.split(":")[1])
  await servers.pop()?.close()
  return port
}
