import { execFile } from "node:child_process"
import { createCipheriv } from "node:crypto"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { spawnFfmpeg } from "../../ffmpeg/remuxer.ts"
import { packetBytes } from "../../mpegts/packet.ts"
import { until } from "../../pool/pool-fixture.ts"
import { type PlaylistLook, playlistText, serve, tsSegment } from "../../upstream/hls/hls-fixture.ts"
import { type Opening, opener, readPast, usePastProvider } from "./past-fixture.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
usePastProvider()

const start = Math.floor(Date.now() / 1000) - 3600
/** Of the address of a playlist of the past. */
const listed = (url: string): Opening["feed"] => ({
  locator: { kind: "url", template: "http://a.test/live" },
  catchup: { days: 3, kind: "default", source: url },
})

const packetsOf = 6
/** Numbers of the segments that were given, and that each of them was given whole. */
function given(bytes: Buffer): number[] {
  const numbers: number[] = []
  for (let at = 0; at < bytes.length; at += packetsOf * packetBytes) {
    const number = bytes.readUInt32BE(at + 4)
    expect(bytes.subarray(at, at + packetsOf * packetBytes).equals(tsSegment(number))).toBe(true)
    numbers.push(number)
  }
  return numbers
}

const numberOf = (path: string) => Number(/(\d+)\.ts/.exec(path)?.[1])

/** A server of one playlist of segments of two seconds. */
const serveList = (look: PlaylistLook, change: (path: string) => Buffer | null = () => null) =>
  serve((path) => {
    if (path.startsWith("/list.m3u8")) return playlistText(look)
    return change(path) ?? (path.includes(".ts") ? tsSegment(numberOf(path)) : undefined)
  })

describe("a playlist of the past", () => {
  it.each([
    ["that is complete", "#EXT-X-ENDLIST", 100],
    ["that has all that was asked for, whatever it says", "", 20],
  ])("%s is given from its first segment to its last", async (_, end, seconds) => {
    const server = await serveList({ first: 7, count: 10, end })
    const { end: reason, bytes } = await readPast(opener(), {
      feed: listed(`${server.url}/list.m3u8`),
      start,
      seconds,
    })
    expect(reason).toEqual({ code: "finished" })
    expect(given(bytes)).toEqual(Array.from({ length: 10 }, (_, n) => 7 + n))
    expect(server.requests.filter((path) => path.startsWith("/list"))).toHaveLength(1)
  })

  it("that is only behind the time is followed, and ends with what was asked for", async () => {
    let loads = 0
    const server = await serve((path) => {
      if (path !== "/list.m3u8") return tsSegment(numberOf(path))
      return playlistText({ first: 3 + loads++, count: 8, target: 0.5, seconds: 0.5 })
    })
    const { end, bytes } = await readPast(opener(), {
      feed: listed(`${server.url}/list.m3u8`),
      start,
      seconds: 5,
    })
    expect([end.code, given(bytes)]).toEqual(["finished", Array.from({ length: 10 }, (_, n) => 3 + n)])
  })

  it("is loaded no faster than it is taken, and goes on when it is", async () => {
    const server = await serveList({ first: 0, count: 20, end: "#EXT-X-ENDLIST" })
    const result = await opener()({ feed: listed(`${server.url}/list.m3u8`), start })
    if (!result.ok) throw new Error(result.failure.code)
    const waiting = Promise.withResolvers<void>()
    let taken = 0
    const reading = result.past.read((chunk) => {
      taken += chunk.length
      return waiting.promise
    })
    await until(
      "the next one is loaded ahead",
      () => server.segmentRequests().length === 2 && server.inFlight() === 0,
    )
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(server.segmentRequests()).toEqual([0, 1])
    waiting.resolve()
    expect(await reading).toEqual({ code: "finished" })
    expect(taken).toBe(20 * packetsOf * packetBytes)
  })

  it("is had by the wanted variant of a master playlist", async () => {
    const server = await serve((path) => {
      if (path === "/master.m3u8")
        return [
          "#EXTM3U",
          ...[100, 900].flatMap((k) => [`#EXT-X-STREAM-INF:BANDWIDTH=${k}000`, `${k}/list.m3u8`]),
        ].join("\n")
      if (path.endsWith("list.m3u8")) return playlistText({ first: 0, count: 2, end: "#EXT-X-ENDLIST" })
      return tsSegment(numberOf(path))
    })
    for (const [hlsVariant, folder] of [
      ["highest", "/900/"],
      ["lowest", "/100/"],
    ] as const) {
      server.requests.length = 0
      const feed = listed(`${server.url}/master.m3u8`)
      const { end, bytes } = await readPast(opener(), { feed, start, settings: { hlsVariant } })
      expect([end.code, given(bytes)]).toEqual(["finished", [0, 1]])
      expect(server.requests.slice(1).every((path) => path.startsWith(folder))).toBe(true)
    }
  })

  it("is decrypted", async () => {
    const key = Buffer.alloc(16, 7)
    const sealed = (n: number) => {
      const iv = Buffer.alloc(16)
      iv.writeUInt32BE(n, 12)
      const cipher = createCipheriv("aes-128-cbc", key, iv)
      return Buffer.concat([cipher.update(tsSegment(n)), cipher.final()])
    }
    const head = '#EXT-X-KEY:METHOD=AES-128,URI="secret.key"'
    const server = await serveList({ first: 1, count: 3, head, end: "#EXT-X-ENDLIST" }, (path) =>
      path === "/secret.key" ? key : sealed(numberOf(path)),
    )
    const { end, bytes } = await readPast(opener(), { feed: listed(`${server.url}/list.m3u8`), start })
    expect([end.code, given(bytes)]).toEqual(["finished", [1, 2, 3]])
  })

  it("is cut out of one file by its byte ranges", async () => {
    const file = Buffer.concat([0, 1, 2].map((n) => tsSegment(n)))
    const bytes = packetsOf * packetBytes
    const look = { first: 0, count: 3, end: "#EXT-X-ENDLIST", name: () => "all.ts" }
    const server = await serveList(
      { ...look, before: (n) => `#EXT-X-BYTERANGE:${bytes}@${n * bytes}` },
      () => file,
    )
    const read = await readPast(opener(), { feed: listed(`${server.url}/list.m3u8`), start })
    expect([read.end.code, given(read.bytes)]).toEqual(["finished", [0, 1, 2]])
  })

  it("whose segments cannot be had any more fails, after what came before", async () => {
    const server = await serve((path) => {
      if (path === "/list.m3u8") return playlistText({ first: 0, count: 9, end: "#EXT-X-ENDLIST" })
      return numberOf(path) < 3 ? tsSegment(numberOf(path)) : undefined
    })
    const { end, bytes } = await readPast(opener(), { feed: listed(`${server.url}/list.m3u8`), start })
    expect([end, given(bytes)]).toEqual([{ code: "http_status", status: 404 }, [0, 1, 2]])
  })

  it("without a segment that comes does not open", async () => {
    const server = await serveList({ first: 0, count: 9, end: "#EXT-X-ENDLIST" }, () => Buffer.from("<html>"))
    const result = await opener()({ feed: listed(`${server.url}/list.m3u8`), start })
    expect(result).toEqual({ ok: false, failure: { code: "not_video", what: "html" } })
    await until("its connections are gone", () => server.openSockets() === 0)
  })

  it("is closed at once, also while somebody has yet to take a piece", async () => {
    const server = await serveList({ first: 0, count: 9, end: "#EXT-X-ENDLIST" })
    const result = await opener()({ feed: listed(`${server.url}/list.m3u8`), start })
    if (!result.ok) throw new Error(result.failure.code)
    const reading = result.past.read(() => new Promise<void>(() => undefined))
    await until("it is read", () => server.segmentRequests().length === 2)
    await result.past.close()
    expect(await reading).toEqual({ code: "aborted" })
    await until("its connections are gone", () => server.openSockets() === 0)
  })
})

describe("fragmented MP4", () => {
  const run = promisify(execFile)
  let folder: string
  const files = new Map<string, Buffer>()
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tributary-past-"))
    const input = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=8"]
    const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "50"]
    const hls = ["-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-hls_segment_type", "fmp4"]
    await run("ffmpeg", ["-v", "error", ...input, ...coding, ...hls, "list.m3u8"], { cwd: folder })
    for (const name of await readdir(folder)) files.set(`/${name}`, await readFile(join(folder, name)))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it("becomes MPEG-TS, and leaves no ffmpeg behind", async () => {
    const server = await serve((path) => files.get(path))
    const children: ReturnType<typeof spawnFfmpeg>[] = []
    const open = opener(null, (args) => {
      const child = spawnFfmpeg(args)
      children.push(child)
      return child
    })
    const { end, bytes, areWhole } = await readPast(open, { feed: listed(`${server.url}/list.m3u8`), start })
    expect([end.code, areWhole, bytes[0]]).toEqual(["finished", true, 0x47])
    expect(children.map(({ exitCode }) => exitCode)).toEqual([0])
    const counted = ["-count_packets", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0"]
    const probe = run("ffprobe", ["-v", "error", ...counted, "-i", "pipe:0"])
    probe.child.stdin?.end(bytes)
    expect((await probe).stdout.trim().split("\n")[0]).toContain("200")
  })
})
