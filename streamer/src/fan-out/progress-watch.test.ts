import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"
import { log } from "@tributary/shared/log/log"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { ProgressWatch } from "./progress-watch.ts"
import { readProcNet } from "./read-proc-net.ts"
import { tcpKey } from "./tcp-table.ts"

vi.setConfig({ testTimeout: 20_000 })

let server: Server
let now: number
/** What the kernel's table says, when a test does not read the real one. */
let unacknowledged: number | null
let drops: number
let watch: ProgressWatch
const logger = log("test", "fan-out")
const open: Socket[] = []

beforeEach(async () => {
  now = 0
  drops = 0
  unacknowledged = 0
  server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
})
afterEach(() => {
  watch.close()
  for (const socket of open.splice(0)) socket.destroy()
  server.close()
})

/** A watched connection to a client that reads only what it is told to. */
async function start(readTable?: () => Promise<string | null>) {
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1")
  client.pause()
  const [socket] = (await once(server, "connection")) as [Socket]
  open.push(client, socket)
  for (const each of [client, socket]) each.on("error", () => undefined)
  watch = new ProgressWatch({ readTable: readTable ?? (async () => tableOf(socket)), now: () => now, logger })
  watch.add(socket, () => void drops++)
  return { client, socket }
}

/** As the kernel prints it, for a connection that has so much unacknowledged. */
function tableOf(socket: Socket): string | null {
  if (unacknowledged === null) return null
  const [local, remote] = (tcpKey(socket) ?? "").split(" ").map((end) => `0100007F${end.slice(-5)}`)
  const queued = unacknowledged.toString(16).toUpperCase().padStart(8, "0")
  return `   1: ${local} ${remote} 01 ${queued}:00000000 01:00000010 00000003     0        0 1 1 0\n`
}

async function dropsAfter(seconds: number): Promise<number> {
  now += seconds * 1000
  await watch.look()
  return drops
}

const write = (socket: Socket, bytes: number) =>
  new Promise<void>((resolve) => {
    socket.write(Buffer.alloc(bytes), () => resolve())
  })

describe("a connection whose other end acknowledges nothing", () => {
  it("is dropped after 30 s, although the kernel goes on taking what is written", async () => {
    const { socket } = await start()
    let queued = 0
    for (let seconds = 0; seconds <= 30; seconds += 10) {
      await write(socket, 20_000)
      queued += 20_000
      unacknowledged = queued
      expect(await dropsAfter(seconds === 0 ? 0 : 10)).toBe(seconds === 30 ? 1 : 0)
    }
    expect(watch.size).toBe(0)
  })

  it("is dropped once", async () => {
    const { socket } = await start()
    await write(socket, 1_000)
    unacknowledged = 1_000
    for (let count = 0; count < 10; count++) await dropsAfter(10)
    expect(drops).toBe(1)
  })
})

describe("a connection is kept", () => {
  it("whose other end takes a hundred bytes in ten seconds", async () => {
    const { socket } = await start()
    await write(socket, 100_000)
    unacknowledged = 100_000
    for (let count = 0; count < 50; count++) {
      unacknowledged -= 100
      expect(await dropsAfter(10)).toBe(0)
    }
  })

  it("that takes little by little while more is written than it takes", async () => {
    const { socket } = await start()
    for (let count = 0; count < 20; count++) {
      await write(socket, 20_000)
      unacknowledged = (unacknowledged ?? 0) + 19_900
      expect(await dropsAfter(10)).toBe(0)
    }
  })

  it("that was sent nothing for long, or has taken all of it", async () => {
    const { socket } = await start()
    expect(await dropsAfter(1_000)).toBe(0)
    await write(socket, 1_000)
    unacknowledged = 1_000
    expect(await dropsAfter(10)).toBe(0)
    unacknowledged = 0
    expect(await dropsAfter(1_000)).toBe(0)
    unacknowledged = 1_000
    expect(await dropsAfter(20)).toBe(0)
  })

  it("that is closed meanwhile, without being looked at again", async () => {
    const { socket } = await start()
    await write(socket, 1_000)
    unacknowledged = 1_000
    await dropsAfter(0)
    socket.destroy()
    await once(socket, "close")
    expect(watch.size).toBe(0)
    expect(await dropsAfter(100)).toBe(0)
  })
})

describe("without a table", () => {
  it("only a connection that blocks is dropped, and that is said once", async () => {
    const said = vi.spyOn(logger, "info")
    const { socket, client } = await start()
    unacknowledged = null
    await write(socket, 1_000)
    expect(await dropsAfter(100)).toBe(0)
    socket.write(Buffer.alloc(64 * 1024 * 1024))
    expect([await dropsAfter(0), await dropsAfter(29)]).toEqual([0, 0])
    expect(await dropsAfter(1)).toBe(1)
    expect(said).toHaveBeenCalledTimes(1)
    client.destroy()
  })
})

describe.runIf(process.platform === "linux")("the real table", () => {
  it("shows that a reader stopped, although the kernel took all that was written", async () => {
    const { socket } = await start(readProcNet)
    // More than the other end's buffer, less than both.
    await write(socket, 500_000)
    await until("it is dropped", async () => (await dropsAfter(30)) === 1)
    expect(socket.writableLength).toBe(0)
  })

  it("shows that a reader goes on, and when it has everything", async () => {
    const { socket, client } = await start(readProcNet)
    let taken = 0
    client.on("data", (data: Buffer) => {
      taken += data.length
    })
    client.resume()
    for (let round = 1; round <= 5; round++) {
      await write(socket, 100_000)
      await until("it has it", () => taken === round * 100_000)
      expect(await dropsAfter(60)).toBe(0)
    }
  })
})
