import { existsSync, readFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { fetchPlaylist, type PlaylistEntry } from "./system/playlist.ts"
import { type System, startSystem } from "./system/start-system.ts"

/** A provider of plain files. */
async function serveFiles(files: ReadonlyMap<string, string>): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const text = files.get(request.url ?? "")
    response.writeHead(text === undefined ? 404 : 200, { "content-type": "audio/x-mpegurl" }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

const closeServer = (server: Server) => new Promise((resolve) => server.close(resolve))

describe("lists of two providers", () => {
  let system: System
  let server: Server
  let url: string
  const first = `#EXTM3U x-tvg-url="http://guide.example/epg.xml"
#EXTINF:-1 tvg-id="news.one" tvg-logo="http://logos.example/n.png" group-title="News, World",News, Weather & "More"
http://127.0.0.1:1/news.ts
#EXTINF:-1,Bare Channel
http://127.0.0.1:1/bare.ts
#EXTINF:-1 custom="kept" group-title="Café;Films" tvg-id="film",Ciné Été
http://127.0.0.1:1/film.ts
`
  const second = `#EXTM3U
#EXTINF:-1 tvg-id="other" group-title="Elsewhere",NEWS,   weather & "more"
http://127.0.0.1:2/news.ts
#EXTINF:-1 group-title="Kids",Only Here
http://127.0.0.1:2/kids.ts
`

  beforeAll(async () => {
    const files = new Map([
      ["/first.m3u", first],
      ["/second.m3u", second],
    ])
    ;({ url, server } = await serveFiles(files))
    system = await startSystem({
      environment: { SOURCES: `${url}/first.m3u|1,${url}/second.m3u|1,http://127.0.0.1:9/gone.m3u` },
    })
  }, 120_000)
  afterAll(async () => {
    await system?.close()
    await closeServer(server)
  })

  it("become one: a channel of both once, with the first one's attributes", async () => {
    const entries = await fetchPlaylist(system.playlistUrl)
    expect(entries.map(({ name, attributes }) => [name, attributes])).toEqual([
      ["Bare Channel", []],
      [
        "Ciné Été",
        [
          ["custom", "kept"],
          ["group-title", "Café;Films"],
          ["tvg-id", "film"],
        ],
      ],
      [
        'News, Weather & "More"',
        [
          ["tvg-id", "news.one"],
          ["tvg-logo", "http://logos.example/n.png"],
          ["group-title", "News, World"],
        ],
      ],
      ["Only Here", [["group-title", "Kids"]]],
    ])
  })

  it("are served by group, by its name or its slug", async () => {
    const { search } = new URL(system.playlistUrl)
    const names = async (group: string) =>
      (await fetchPlaylist(`${system.baseUrl}/${encodeURIComponent(group)}/playlist.m3u8${search}`)).map(
        ({ name }) => name,
      )
    expect(await names("News, World")).toEqual(['News, Weather & "More"'])
    expect(await names("news-world")).toEqual(['News, Weather & "More"'])
    expect(await names("Café")).toEqual(["Ciné Été"])
    expect(await names("films")).toEqual(["Ciné Été"])
    const unknown = await fetch(`${system.baseUrl}/nothing/playlist.m3u8${search}`)
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: "unknown_group" } }])
  })

  it("are for viewers only", async () => {
    const response = await fetch(`${system.baseUrl}/playlist.m3u8`)
    expect([response.status, await response.json()]).toMatchObject([401, { error: { code: "unauthorized" } }])
  })

  it("come with an ETag, which gets 304, and with gzip on request", async () => {
    const plain = await fetch(system.playlistUrl, { headers: { "accept-encoding": "identity" } })
    const etag = plain.headers.get("etag") ?? ""
    expect(plain.headers.get("content-type")).toMatch(/^audio\/x-mpegurl/)
    expect(plain.headers.get("content-encoding")).toBeNull()
    const again = await fetch(system.playlistUrl, { headers: { "if-none-match": etag } })
    expect([again.status, await again.text()]).toEqual([304, ""])
    const packed = await fetch(system.playlistUrl, { headers: { "accept-encoding": "gzip" } })
    expect(packed.headers.get("content-encoding")).toBe("gzip")
    expect(await packed.text()).toBe(await plain.text())
  })

  it("show an unreachable source on /health and in the log, while the others work", async () => {
    const health = await (await fetch(`${system.baseUrl}/health`)).json()
    expect(health).toMatchObject({ status: "ok", channels: 4 })
    const phases = (health as { imports: { phase: string; error: { code: string } | null }[] }).imports
    expect(phases.filter(({ phase }) => phase === "done")).toHaveLength(2)
    expect(phases.find(({ phase }) => phase === "failed")?.error?.code).toBe("unreachable")
    expect(system.logs).toContainEqual(
      expect.objectContaining({ message: "import failed", code: "unreachable" }),
    )
  })
})

const samples = fileURLToPath(new URL("../../../shared/samples/m3u/", import.meta.url))
const lists = ["free-tv-2026-08.m3u8", "free-tv-2024-12.m3u8"].map((name) => ({ name, path: samples + name }))
const areThere = lists.every(({ path }) => existsSync(path))
if (!areThere) console.warn("skipped: the sample playlists are not beside this checkout")

describe.skipIf(!areThere)("two real public lists, largely of the same channels", () => {
  let system: System
  let server: Server
  let texts: string[]

  beforeAll(async () => {
    texts = lists.map(({ path }) => readFileSync(path, "utf8"))
    const files = new Map(lists.map(({ name }, index) => [`/${name}`, texts[index] ?? ""]))
    const served = await serveFiles(files)
    server = served.server
    const sources = lists.map(({ name }) => `${served.url}/${name}|5`).join(",")
    system = await startSystem({ environment: { SOURCES: sources } })
  }, 120_000)
  afterAll(async () => {
    await system?.close()
    if (server) await closeServer(server)
  })

  it("become a playlist with every channel of both once, its attributes intact", async () => {
    // Counted independently of the importer: by the whole line, and the name after its last quoted value.
    const key = (name: string) => name.normalize("NFC").toLowerCase().replace(/\s+/g, "")
    const expected = new Map<string, string>()
    for (const line of texts
      .join("\n")
      .split("\n")
      .filter((text) => text.startsWith("#EXTINF"))) {
      const at = line.lastIndexOf('",') + 1
      const name = line.slice(at + 1)
      if (!expected.has(key(name))) expected.set(key(name), line.slice(0, at))
    }
    const entries: PlaylistEntry[] = await fetchPlaylist(system.playlistUrl)
    expect(entries).toHaveLength(expected.size)
    const text = await (await fetch(system.playlistUrl)).text()
    const lines = text.split("\n").filter((line) => line.startsWith("#EXTINF"))
    const seen = new Set<string>()
    for (const line of lines) {
      const at = line.lastIndexOf('",') + 1
      const own = key(line.slice(at + 1))
      seen.add(own)
      // What is changed: a quote inside a value cannot be written as it is, and numbers and ids are made unique.
      const loose = (attributes: string | undefined) =>
        attributes?.replaceAll(/ (?:tvg-chno|channel-id)="[^"]*"/g, "").replaceAll("'", '"')
      expect(loose(line.slice(0, at))).toBe(loose(expected.get(own)))
    }
    expect(seen.size).toBe(expected.size)
  })

  it("give no number to two channels, and no two the key by which Jellyfin knows them", async () => {
    const entries = await fetchPlaylist(system.playlistUrl)
    const values = (wanted: string) =>
      entries.map(({ attributes }) => attributes.find(([name]) => name === wanted)?.[1] ?? "")
    const numbers = values("tvg-chno").filter((number) => number !== "")
    expect(numbers.length).toBeGreaterThan(200)
    expect(new Set(numbers).size).toBe(numbers.length)
    const ids = values("tvg-id")
    const withId = ids.filter((id) => id !== "")
    expect(new Set(withId).size).toBeLessThan(withId.length)
    const keys = values("channel-id").map((own, at) => [own, ids[at]].filter(Boolean).join("_"))
    const known = keys.filter((key) => key !== "")
    expect(new Set(known).size).toBe(known.length)
  })
})
