import { createHash } from "node:crypto"
import type { Socket } from "node:net"
import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { bound, countingClient, fanOut, joined, rawClient, useFanOut, viewers } from "./fan-out-fixture.ts"
import { NumberedStream, readRuns, unchunk } from "./test-stream.ts"

vi.setConfig({ testTimeout: 20_000 })
useFanOut()

const maxBytes = 2 * 1024 * 1024
const keyframeEvery = 1_000

/** A raw player that does not read, beside two that do; `push` returns when those two have everything. */
async function start(version: "1.0" | "1.1") {
  bound(maxBytes)
  const { socket } = await rawClient(`GET / HTTP/${version}\r\nhost: a\r\n\r\n`)
  socket.pause()
  const others = [await countingClient(), await countingClient()]
  await joined(3)
  const [slow] = viewers
  if (slow === undefined) throw new Error("no viewer")
  const stream = new NumberedStream(keyframeEvery)
  const digest = createHash("sha256")
  let pushed = 0
  const push = async (packets: number) => {
    const chunk = stream.take(packets)
    fanOut.push(chunk)
    digest.update(chunk)
    pushed += chunk.length
    await until("the others have it", () => others.every((other) => other.bytes() === pushed))
  }
  return { socket, slow, others, stream, push, digest: () => digest.digest("hex"), pushed: () => pushed }
}

/** What comes out of a socket from now on; `all` is without the answer's head. */
function collect(socket: Socket) {
  const chunks: Buffer[] = []
  socket.on("data", (chunk: Buffer) => chunks.push(chunk))
  return () => {
    const text = Buffer.concat(chunks)
    return text.subarray(text.indexOf("\r\n\r\n") + 4)
  }
}

describe.each(["1.0", "1.1"] as const)("a viewer who is too slow, over HTTP/%s", (version) => {
  it("is moved, again and again, and gets whole packets from keyframes on, while the others get every byte", async () => {
    const { socket, slow, others, stream, push, digest } = await start(version)
    const received = collect(socket)
    socket.pause()
    for (let moves = 1; moves <= 3; moves++) {
      while (slow.moves < moves) {
        await push(300)
        expect(slow.backlogBytes).toBeLessThan(maxBytes + 128 * 1024)
      }
      expect(slow.state).toBe("moving")
      expect(slow.backlogBytes).toBeLessThan(192 * 1024)
      socket.resume()
      await until("it has drained", () => slow.state === "moved")
      await push(10)
      expect(slow.state).toBe("playing")
      await until("it has caught up", () => slow.backlogBytes === 0)
      socket.pause()
    }
    socket.resume()
    fanOut.close()
    await until("the connection is closed", () => socket.closed)
    const { bytes, isComplete } =
      version === "1.0" ? { bytes: received(), isComplete: true } : unchunk(received())
    expect(isComplete).toBe(true)
    const runs = readRuns(bytes)
    expect(runs).toHaveLength(4)
    expect(runs.map(({ first }) => first % keyframeEvery)).toEqual([0, 0, 0, 0])
    for (const run of runs) expect(run).toMatchObject({ startsAtKeyframe: true, hasTablesFirst: true })
    expect([runs[0]?.first, runs[3]?.last]).toEqual([0, stream.next - 1])
    expect(fanOut.moves).toBe(3)
    expect(await Promise.all(others.map((other) => other.ended))).toEqual([true, true])
    const expected = digest()
    expect(others.map((other) => other.digest())).toEqual([expected, expected])
  })
})

describe("a viewer with a backlog within the bound", () => {
  it("gets all of it", async () => {
    const { socket, slow, push, pushed } = await start("1.0")
    const received = collect(socket)
    socket.pause()
    while (slow.backlogBytes < maxBytes / 2) await push(300)
    const backlog = slow.backlogBytes
    // Of what waits, the socket holds no more than it was handed at once.
    expect(pushed() - slow.bytesSent).toBeGreaterThan(backlog - 192 * 1024)
    socket.resume()
    await until("all has come", () => received().length === pushed())
    expect(slow.moves).toBe(0)
    expect(slow.bytesSent).toBe(pushed())
  })

  it("gets all of it when the stream is over", async () => {
    const { socket, slow, stream, push } = await start("1.1")
    const received = collect(socket)
    socket.pause()
    while (slow.backlogBytes < maxBytes / 2) await push(300)
    fanOut.close()
    socket.resume()
    await until("the connection is closed", () => socket.closed)
    const { bytes, isComplete } = unchunk(received())
    expect(isComplete).toBe(true)
    expect(readRuns(bytes)).toMatchObject([{ first: 0, last: stream.next - 1 }])
  })

  it("keeps nothing of it when they leave", async () => {
    const { socket, slow, push } = await start("1.1")
    while (slow.backlogBytes < maxBytes / 2) await push(300)
    socket.resetAndDestroy()
    expect(await slow.ended).toBe("left")
    await until("it is let go", () => slow.backlogBytes === 0)
  })
})

describe("a viewer who joins", () => {
  it("takes a large opening in turns with the others", async () => {
    const stream = new NumberedStream(50_000)
    fanOut.push(stream.take(40_000))
    const add = vi.spyOn(fanOut, "add")
    let sentAtOnce = 0
    add.mockImplementation((viewer) => {
      add.mockRestore()
      fanOut.add(viewer)
      sentAtOnce = viewer.bytesSent
    })
    const { socket } = await rawClient("GET / HTTP/1.0\r\n\r\n")
    const received = collect(socket)
    await until("it has begun", () => sentAtOnce > 0)
    // However much the kernel would take.
    expect(sentAtOnce).toBeLessThan(300 * 1024)
    await until("all has come", () => received().length >= 40_000 * 188)
    expect(readRuns(received())).toMatchObject([{ first: 0, last: 39_999 }])
  })
})
