import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ViewerLoad } from "./viewer-load.ts"

const sliceBytes = 12_500
const sliceMilliseconds = 20

let server: Server
let load: ViewerLoad
const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/full") return void response.writeHead(503).end("full")
    if (request.url === "/silent") return void response.writeHead(200).flushHeaders()
    response.writeHead(200)
    if (request.url === "/short") return void response.end(Buffer.alloc(sliceBytes))
    const timer = setInterval(() => response.write(Buffer.alloc(sliceBytes)), sliceMilliseconds)
    response.on("close", () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  load = new ViewerLoad(null)
})
afterAll(async () => {
  await load.close()
  await new Promise((resolve) => server.close(resolve))
})

describe("the load generator", () => {
  it("counts what each viewer got in a window, and its own time", async () => {
    await load.open([url("/live")], 20)
    const report = await load.measure(1, [process.pid])
    await load.leave()
    expect(report).toMatchObject({ viewers: 20, closed: 0, non200: 0, silent: 0 })
    expect(report.megabitsPerSecond.min).toBeGreaterThan(0)
    expect(report.gigabits).toBeCloseTo(report.gigabitsPerSecond * report.seconds)
    expect(report.firstByteMs.p50).toBeGreaterThan(0)
    expect(report.ownCpuShare).toBeGreaterThan(0)
    expect(report.serverCpuSeconds[0]).toBeGreaterThanOrEqual(0)
  })

  it("tells apart who was refused, whose stream ended, and who gets nothing", async () => {
    await load.open([url("/live"), url("/full"), url("/short"), url("/silent")], 4, 1)
    const report = await load.measure(0.2)
    await load.leave()
    expect(report).toMatchObject({ viewers: 4, non200: 1, silent: 1 })
    expect(report.megabitsPerSecond.min).toBe(0)
  })

  it("has nobody left when they were told to leave", async () => {
    await load.open([url("/live")], 5)
    await load.leave()
    expect(await load.measure(0.1)).toMatchObject({ viewers: 0, gigabits: 0 })
    const connections = await new Promise((resolve) =>
      server.getConnections((_error, count) => resolve(count)),
    )
    expect(connections).toBe(0)
  })
})
