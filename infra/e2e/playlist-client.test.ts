// biome-ignore-all lint/suspicious/noTemplateCurlyInString: players replace these.
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parse } from "iptv-playlist-parser"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { defaultChannels } from "../local/demo-provider/channels.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { readPlaylist } from "./system/playlist.ts"
import { type System, startSystem } from "./system/start-system.ts"

let provider: DemoProvider
let system: System
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-playlist-client-"))
  provider = await startTestProvider({ accounts: [{ username: "one", password: "s3cret-pw" }] })
  const source = { username: "one", password: "s3cret-pw" }
  const config = await writeConfig(folder, {
    sources: [
      { id: "acme", type: "xtream", url: provider.url, ...source },
      {
        ...{ id: "list", type: "m3u", order: 2, ...source },
        url: `${provider.url}/get.php?username=one&password=s3cret-pw&type=m3u_plus&output=ts`,
      },
    ],
    viewers: [
      { username: "ann", password: "a" },
      { username: "kid", password: "k", groups: ["Kids"] },
    ],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config } })
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

const text = async (path: string) => (await fetch(`${system.baseUrl}/${path}`)).text()
const ann = "username=ann&password=a"

describe("iptv-playlist-parser", () => {
  it.each([
    `playlist.m3u8?${ann}`,
    `playlist.m3u8?${ann}&output=m3u8`,
    `News/playlist.m3u8?${ann}`,
    `get.php?${ann}&type=m3u_plus&output=ts`,
    `get.php?${ann}&type=m3u&output=m3u8`,
    "playlist.m3u8?username=kid&password=k",
  ])("reads the same channels as we do of our own: %s", async (path) => {
    const list = await text(path)
    const { items } = parse(list)
    const own = readPlaylist(list)
    expect(own.length).toBeGreaterThan(1)
    expect(items.map(({ name, url }) => [name, url])).toEqual(own.map(({ name, url }) => [name, url]))
    const attribute = (at: number, wanted: string) =>
      own[at]?.attributes.find(([name]) => name === wanted)?.[1] ?? ""
    for (const [at, { tvg, group, catchup }] of items.entries()) {
      expect([tvg.id, tvg.name, tvg.logo]).toEqual(
        ["tvg-id", "tvg-name", "tvg-logo"].map((name) => attribute(at, name)),
      )
      expect(group.title).toBe(attribute(at, "group-title"))
      expect([catchup.type, catchup.days, catchup.source]).toEqual(
        ["catchup", "catchup-days", "catchup-source"].map((name) => attribute(at, name)),
      )
    }
  })

  it("finds the provider's channels, the guide, and the past where it is kept", async () => {
    const { header, items } = parse(await text(`playlist.m3u8?${ann}&type=live`))
    const guide = `${system.baseUrl}/xmltv.php?${ann}`
    expect(header.attrs).toEqual({ "x-tvg-url": guide, "url-tvg": guide })
    expect(new Set(items.map(({ name }) => name))).toEqual(new Set(provider.channels.map(({ name }) => name)))
    expect(items).toHaveLength(provider.channels.length)
    for (const { name, tvg, catchup, url } of items) {
      const channel = defaultChannels.find((one) => one.name === name)
      const id = /\/stream\/(\d+)\.ts/.exec(url ?? "")?.[1]
      expect(tvg.id).toBe(channel?.tvgId)
      const past = {
        ...{ type: "default", days: String(channel?.catchup?.days) },
        source: `${system.baseUrl}/timeshift/ann/a/{duration:60}/$\{start}/${id}.ts`,
      }
      expect(catchup).toEqual(channel?.catchup === undefined ? { type: "", days: "", source: "" } : past)
    }
  })

  it("finds nothing of the provider in it", async () => {
    const list = await text(`playlist.m3u8?${ann}`)
    expect(list).not.toContain("s3cret-pw")
    expect(list).not.toContain(new URL(provider.url).host)
  })

  it("gets an address of the past that is played, once it is filled in as Kodi does", async () => {
    const { items } = parse(await text(`playlist.m3u8?${ann}&type=live`))
    const { catchup } = items.find(({ name }) => name === "Tributary News HD") ?? {}
    const start = Math.floor(Date.now() / 1000) - 2 * 3600
    const address = (catchup?.source ?? "").replace("${start}", String(start)).replace("{duration:60}", "30")
    const response = await fetch(address, { method: "HEAD", redirect: "manual" })
    expect([response.status, response.headers.get("location")]).toEqual([302, expect.stringMatching(/\.ts$/)])
  })
})
