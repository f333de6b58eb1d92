import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, expect, it, vi } from "vitest"
import { openClient } from "../../../infra/local/demo-provider/client-for-tests.ts"
import { packetBytes } from "../mpegts/packet.ts"
import { until } from "../pool/pool-fixture.ts"
import { connections, fanOut, join, joined, rawClient, url, useFanOut, viewers } from "./fan-out-fixture.ts"
import { keyframe, more, tables } from "./test-stream.ts"

vi.setConfig({ testTimeout: 20_000 })
useFanOut()

describe("when the stream is over, a viewer who stopped reading", () => {
  it("is let go when they take nothing more", async () => {
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
    expect(fanOut.subscribers.size).toBe(0)
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
