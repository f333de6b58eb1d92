import { execFile } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join as joinPath } from "node:path"
import { connect } from "node:tls"
import { promisify } from "node:util"
import type { HttpBindings } from "@hono/node-server"
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response"
import { log } from "@tributary/shared/log/log"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { renderLoop, smallRecipe } from "../../../../infra/local/demo-provider/loop-for-tests.ts"
import { FanOut } from "../../fan-out/fan-out.ts"
import { ProgressWatch } from "../../fan-out/progress-watch.ts"
import { readProcNet } from "../../fan-out/read-proc-net.ts"
import { Viewer } from "../../fan-out/viewer.ts"
import { until } from "../../pool/pool-fixture.ts"
import type { Certificate } from "./certificate.ts"
import { type PlayerServer, playerServer } from "./player-server.ts"
import { selfSigned } from "./test-certificate.ts"

vi.setConfig({ testTimeout: 40_000, hookTimeout: 60_000 })
const run = promisify(execFile)

let folder: string
let source: { certificate: string; key: string }
let certificate: Certificate
let loop: Buffer
let fanOut: FanOut
let viewers: Viewer[]
let progress: ProgressWatch
let now: number
let players: PlayerServer
let port: number
let feeding: NodeJS.Timeout

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "tributary-tls-"))
  certificate = await selfSigned("streams.example")
  loop = Buffer.from((await renderLoop(smallRecipe)).bytes)
})

afterAll(() => rm(folder, { recursive: true }))

async function put({ cert, key }: Certificate): Promise<void> {
  await writeFile(source.certificate, cert)
  await writeFile(source.key, key)
}

/** A live stream that begins anew when its loop is over, for everybody who asks. */
beforeEach(async () => {
  fanOut = new FanOut(64 * 1024 * 1024)
  viewers = []
  now = 0
  progress = new ProgressWatch({ readTable: readProcNet, now: () => now, logger: log("test", "fan-out") })
  const fetch = async (_: Request, { incoming, outgoing }: HttpBindings) => {
    outgoing.writeHead(200, { "content-type": "video/mp2t" })
    outgoing.flushHeaders()
    const viewer = new Viewer(incoming.socket, { chunked: incoming.httpVersionMinor >= 1 })
    progress.add(incoming.socket, () => viewer.destroy("took-nothing"))
    viewers.push(viewer)
    fanOut.add(viewer)
    await viewer.ended
    fanOut.remove(viewer)
    return RESPONSE_ALREADY_SENT
  }
  source = { certificate: joinPath(folder, "cert.pem"), key: joinPath(folder, "key.pem") }
  await put(certificate)
  const tls = { source, certificate, now: Date.now, logger: log("test", "tls") }
  players = playerServer(fetch as Parameters<typeof playerServer>[0], tls)
  players.server.listen(0, "127.0.0.1")
  await once(players.server, "listening")
  ;({ port } = players.server.address() as AddressInfo)
  let at = 0
  const packets = 188 * 100
  feeding = setInterval(() => {
    if (at + packets > loop.length) at = 0
    fanOut.push(loop.subarray(at, at + packets))
    at += packets
  }, 20)
})
afterEach(async () => {
  clearInterval(feeding)
  fanOut.close()
  progress.close()
  players.close()
  await new Promise((resolve) => players.server.close(resolve))
})

const request = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"
async function join(cert: string) {
  const socket = connect({ port, host: "127.0.0.1", servername: "a.streams.example", ca: cert })
  await once(socket, "secureConnect")
  socket.on("error", () => undefined)
  socket.write(request)
  return socket
}

describe("frames that are written to a connection with TLS", () => {
  it("play in ffmpeg", async () => {
    const input = [
      "-nostdin",
      "-v",
      "error",
      "-i",
      `https://127.0.0.1:${port}/`,
      "-t",
      "1.5",
      "-progress",
      "pipe:1",
    ]
    const { stdout } = await run("ffmpeg", [...input, "-f", "null", "-"], { timeout: 30_000 })
    expect(Number([...stdout.matchAll(/^frame=(\d+)$/gm)].at(-1)?.[1])).toBeGreaterThan(25)
  })

  it("come as they are", async () => {
    const socket = await join(certificate.cert)
    const chunks: Buffer[] = []
    socket.on("data", (chunk: Buffer) => chunks.push(chunk))
    await until("some came", () => Buffer.concat(chunks).length > 1_000_000, 20_000)
    viewers[0]?.breakOff()
    await once(socket, "close")
    const body = dechunk(Buffer.concat(chunks))
    expect(body.length % 188).toBe(0)
    for (let at = 0; at < body.length; at += 188) expect(body[at]).toBe(0x47)
  })

  it("end with a player that takes nothing, and with no other", async () => {
    const [stalled, playing] = await Promise.all([join(certificate.cert), join(certificate.cert)])
    stalled.pause()
    playing.resume()
    await until("both play", () => viewers.length === 2 && viewers.every(({ bytesSent }) => bytesSent > 0))
    const stuck = () => viewers.filter(({ backlogBytes }) => backlogBytes > 0).length === 1
    await until("one is stuck", stuck, 30_000)
    for (const seconds of [0, 20, 40]) {
      now = seconds * 1000
      const sent = Math.max(...viewers.map(({ bytesSent }) => bytesSent))
      await until("it goes on", () => Math.max(...viewers.map(({ bytesSent }) => bytesSent)) > sent)
      await progress.look()
    }
    expect(new Set(viewers.map(({ state }) => state))).toEqual(new Set(["ended", "playing"]))
    for (const socket of [stalled, playing]) socket.destroy()
  })
})

describe("a new certificate", () => {
  it("is shown to who connects from now on, while who is there plays on", async () => {
    const before = await join(certificate.cert)
    before.resume()
    await until("they play", () => (viewers[0]?.bytesSent ?? 0) > 0)
    const next = await selfSigned("streams.example")
    await put(next)
    await players.look()
    const after = await join(next.cert)
    expect(after.getPeerX509Certificate()?.fingerprint256).not.toBe(
      before.getPeerX509Certificate()?.fingerprint256,
    )
    const sent = viewers[0]?.bytesSent ?? 0
    await until("they play on", () => (viewers[0]?.bytesSent ?? 0) > sent)
    for (const socket of [before, after]) socket.destroy()
  })
})

/** The body of a response in chunks, as far as it came. */
function dechunk(response: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = response.indexOf("\r\n\r\n") + 4
  while (at < response.length) {
    const end = response.indexOf("\r\n", at)
    const size = Number.parseInt(response.subarray(at, end).toString(), 16)
    parts.push(response.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
  return Buffer.concat(parts)
}
