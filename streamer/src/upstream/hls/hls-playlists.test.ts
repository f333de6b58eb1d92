import { gzipSync } from "node:zlib"
import { describe, expect, it, vi } from "vitest"
import { until } from "../../pool/pool-fixture.ts"
import { openStream } from "../open-stream.ts"
import { play, playlistText, request, serve, tsSegment } from "./hls-fixture.ts"

vi.setConfig({ testTimeout: 20_000 })

const sequenceOf = (path: string) => Number(/(\d+)\.ts/.exec(path)?.[1] ?? Number.NaN)
const master = (...variants: [name: string, bandwidth: number, more?: string][]) =>
  `#EXTM3U\n${variants
    .map(
      ([name, bandwidth, more = ",RESOLUTION=640x360"]) =>
        `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth}${more}\n${name}\n`,
    )
    .join("")}`

describe("where a playlist is", () => {
  it("is where its redirect led, for what is relative in it; it is asked for where it was first", async () => {
    const server = await serve((path) => {
      if (path === "/a/live.m3u8") return { status: 302, headers: { location: "../b/c/list.m3u8?token=1" } }
      if (path === "/b/c/list.m3u8?token=1")
        return playlistText({ first: 1, count: 3, name: (n) => `../seg/${n}.ts` })
      return path.startsWith("/b/seg/") ? tsSegment(sequenceOf(path)) : undefined
    })
    const stream = await play(`${server.url}/a/live.m3u8`)
    await stream.until(3)
    await stream.pass(2_000, server)
    await until(
      "it is loaded again",
      () => server.requests.filter((path) => path.startsWith("/a/")).length === 2,
    )
    expect(server.requests.slice(0, 3)).toEqual(["/a/live.m3u8", "/b/c/list.m3u8?token=1", "/b/seg/1.ts"])
  })

  it("is read also when it comes packed, although nobody asked for that", async () => {
    const server = await serve((path) =>
      path === "/live"
        ? {
            status: 200,
            body: gzipSync(playlistText({ first: 1, count: 1 })),
            headers: { "content-type": "application/x-mpegURL", "content-encoding": "gzip" },
          }
        : tsSegment(1),
    )
    await (await play(`${server.url}/live`)).until(1)
  })

  it("may be said by absolute addresses, of another server, which gets no login", async () => {
    const seen: unknown[] = []
    const cdn = await serve((path, { headers }) => {
      seen.push([headers.cookie, headers.authorization, headers["user-agent"]])
      return tsSegment(sequenceOf(path))
    })
    const server = await serve((_, { headers }) => {
      seen.push([headers.cookie, headers.authorization, headers["user-agent"]])
      return playlistText({ first: 1, count: 1, name: (n) => `${cdn.url}/${n}.ts` })
    })
    const headers = { Cookie: "a=b", "user-agent": "VLC" }
    const stream = await play(server.url.replace("//", "//ann:secret@"), { headers })
    await stream.until(1)
    expect(seen).toEqual([
      ["a=b", `Basic ${Buffer.from("ann:secret").toString("base64")}`, "VLC"],
      [undefined, undefined, "VLC"],
    ])
  })

  it("is told which cookies it gave, as are its segments and keys", async () => {
    const seen: Record<string, string | undefined> = {}
    const server = await serve((path, { headers }) => {
      seen[path] = headers.cookie
      if (path === "/live")
        return { status: 302, headers: { location: "/list", "set-cookie": "panel=1; Path=/; HttpOnly" } }
      if (path === "/list") {
        const body = playlistText({ first: 1, count: 1 })
        return { status: 200, body, headers: { "set-cookie": "list=2; Path=/" } }
      }
      return tsSegment(sequenceOf(path))
    })
    const stream = await play(`${server.url}/live`)
    await stream.until(1)
    expect(seen).toEqual({ "/live": undefined, "/list": "panel=1", "/seg1.ts": "panel=1; list=2" })
  })

  it("may have tokens that change with each load: a segment is known by its number", async () => {
    let load = 0
    let first = 1
    const server = await serve((path) => {
      if (path === "/live") {
        load++
        return playlistText({ first, count: 4, name: (n) => `${load}/seg${n}.ts?token=${load}` })
      }
      return path.endsWith(`token=${load}`) ? tsSegment(sequenceOf(path)) : { status: 403 }
    })
    const stream = await play(`${server.url}/live`)
    await stream.until(3)
    for (; first < 10; first++) await stream.pass(2_000, server)
    await stream.until(10)
    const segments = stream.segments()
    expect(segments).toEqual(Array.from({ length: segments.length }, (_, n) => n + 2))
  })
})

describe("a playlist that is complete", () => {
  it("is played from its start to its end, no faster than it lasts but for three target durations", async () => {
    const server = await serve((path) =>
      path === "/vod"
        ? playlistText({ first: 0, count: 10, end: "#EXT-X-ENDLIST" })
        : tsSegment(sequenceOf(path)),
    )
    const stream = await play(`${server.url}/vod`)
    await stream.until(4)
    for (let n = 0; n < 12 && !stream.hasEnded(); n++) {
      expect(stream.segments().length).toBeLessThanOrEqual(4 + n)
      await stream.pass(1_000, server)
      await stream.pass(1_000, server)
    }
    expect(await stream.end).toEqual({ code: "finished" })
    expect(stream.segments()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(server.requests.filter((path) => path === "/vod").length).toBe(1)
  })

  it("may become so while it plays", async () => {
    let last = 5
    const server = await serve((path) =>
      path === "/live"
        ? playlistText({ first: 1, count: last, end: last > 5 ? "#EXT-X-ENDLIST" : "" })
        : tsSegment(sequenceOf(path)),
    )
    const stream = await play(`${server.url}/live`)
    await stream.until(3)
    last = 6
    await stream.pass(2_000, server)
    await until("it ends", stream.hasEnded)
    expect([stream.segments(), await stream.end]).toEqual([[3, 4, 5, 6], { code: "finished" }])
  })
})

describe("a master playlist", () => {
  const variants = (settings: Record<string, number>, broken: string[] = []) =>
    serve((path) => {
      if (path === "/master")
        return master(...Object.entries(settings).map(([name, rate]): [string, number] => [name, rate]))
      const name = path.split("/")[1] ?? ""
      if (broken.includes(name)) return undefined
      if (path.endsWith("/seg1.ts")) return tsSegment(settings[name] ?? 0)
      return name in settings
        ? playlistText({ first: 1, count: 1, name: (n) => `/${name}/seg${n}.ts` })
        : undefined
    })
  const rates = { low: 300_000, high: 3_000_000, middle: 1_000_000 }

  it.each([
    ["highest", 3_000_000],
    ["lowest", 300_000],
    [2_000_000, 1_000_000],
    [1_000_000, 1_000_000],
    [100, 300_000],
  ] as const)("is played in the variant that is wanted: %s", async (hlsVariant, expected) => {
    const server = await variants(rates)
    const stream = await play(`${server.url}/master`, { hlsVariant })
    await stream.until(1)
    expect(stream.segments()).toEqual([expected])
  })

  it("is played in the next best variant when one cannot be loaded", async () => {
    const server = await variants(rates, ["high"])
    const stream = await play(`${server.url}/master`)
    await stream.until(1)
    expect(stream.segments()).toEqual([1_000_000])
  })

  it("is played in the next best variant when its segments cannot be had", async () => {
    const server = await serve((path) => {
      if (path === "/master") return master(["a/list", 2_000_000], ["b/list", 1_000_000])
      if (path === "/a/list" || path === "/b/list") return playlistText({ first: 1, count: 5 })
      return path.startsWith("/b/") ? tsSegment(sequenceOf(path)) : undefined
    })
    const stream = await play(`${server.url}/master`)
    await stream.until(3)
    expect(stream.segments()).toEqual([3, 4, 5])
  })

  it("is asked for again when its variant's token is over, and the numbers go on", async () => {
    let token = 1
    let first = 1
    const server = await serve((path) => {
      if (path === "/master") return master([`list?token=${token}`, 1_000_000])
      if (path === `/list?token=${token}`) return playlistText({ first, count: 4 })
      return path.startsWith("/list") ? { status: 403 } : tsSegment(sequenceOf(path))
    })
    const stream = await play(`${server.url}/master`)
    await stream.until(3)
    for (; first < 8; first++) {
      token++
      await stream.pass(2_000, server)
    }
    await stream.until(8)
    expect(stream.segments()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10].slice(0, stream.segments().length))
    expect(new Set(stream.seams.map(({ seam }) => seam))).toEqual(new Set(["segment"]))
  })

  it("changes to another variant in mid-play, with a seam, when its own is gone", async () => {
    let isGone = false
    let first = 1
    const server = await serve((path) => {
      if (path === "/master") return master(["a/list", 2_000_000], ["b/list", 1_000_000])
      if (path.startsWith("/a/") && isGone) return undefined
      return path.endsWith("list") ? playlistText({ first, count: 4 }) : tsSegment(sequenceOf(path))
    })
    const stream = await play(`${server.url}/master`)
    await stream.until(3)
    isGone = true
    first = 2
    await stream.pass(2_000, server)
    await stream.until(4)
    expect(stream.segments()).toEqual([2, 3, 4, 5])
    expect(stream.seams.at(-1)?.seam).toBe("discontinuity")
    expect(server.requests.at(-1)).toBe("/b/seg5.ts")
  })

  it("fails as the playlist fails that its sound is in", async () => {
    const audio = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="d\'oc",URI="sound"\n'
    const text = `${master(["list", 1, ',AUDIO="a"']).replace("#EXTM3U\n", `#EXTM3U\n${audio}`)}`
    const server = await serve((path) => {
      if (path === "/") return text
      return path === "/list" ? playlistText({ first: 1, count: 3 }) : undefined
    })
    expect(await openStream(request(server.url))).toEqual({
      ok: false,
      failure: { code: "http_status", status: 404 },
    })
    expect(server.requests).toEqual(["/", "/list", "/sound"])
  })
})

describe("a playlist that is none of a stream", () => {
  it.each([
    ["a list of channels", "#EXTM3U\n#EXTINF:-1,News\nhttp://a.test/1.ts\n"],
    ["nothing but its head", "#EXTM3U\n"],
    ["a master playlist of master playlists", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmaster\n"],
  ])("is 'not_video': %s", async (_, text) => {
    const server = await serve(() => text)
    expect(await openStream(request(server.url))).toEqual({
      ok: false,
      failure: { code: "not_video", what: "hls" },
    })
    await until("no socket is left", () => server.openSockets() === 0, 500)
  })

  it("fails as its segments fail", async () => {
    const server = await serve((path) => (path === "/" ? playlistText({ first: 1, count: 6 }) : undefined))
    expect(await openStream(request(server.url))).toEqual({
      ok: false,
      failure: { code: "http_status", status: 404 },
    })
    // Two of them, each twice.
    expect(server.segmentRequests()).toEqual([4, 4, 5, 5])
  })
})
