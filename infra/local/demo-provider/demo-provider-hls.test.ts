import { createDecipheriv } from "node:crypto"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { getText } from "./client-for-tests.ts"
import { smallChannels, temporaryFolder } from "./loop-for-tests.ts"
import { type DemoProvider, startDemoProvider } from "./start-demo-provider.ts"
import { pcrOffset, readPcrBase } from "./ts-packet.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const clock = { ms: 0 }
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let provider: DemoProvider

beforeAll(async () => {
  folder = await temporaryFolder()
  const options = { dataDir: folder.path, channels: smallChannels, movieSeconds: 2, now: () => clock.ms }
  provider = await startDemoProvider(options)
})
beforeEach(() => {
  clock.ms = Date.UTC(2026, 0, 1)
  provider.setSettings({ hlsWindow: 6, hlsEncryption: "none", hlsDiscontinuityEvery: 0, hlsTokenSeconds: 0 })
  provider.resetHlsRequests()
})
afterAll(async () => {
  await provider.close()
  await folder.remove()
})

const get = (path: string) => getText(new URL(path, provider.url).href)
const playlist = async (path = "/live/demo/demo/1.m3u8") => (await get(path)).text
const addresses = (text: string) => text.split("\n").filter((line) => line.startsWith("/"))
const bytes = async (path: string) => Buffer.from((await get(path)).text, "latin1")

/** The first clock of a segment, in ticks of 90 kHz. */
function firstPcr(segment: Buffer): number {
  for (let at = 0; at < segment.length; at += 188) {
    const offset = pcrOffset(segment, at)
    if (offset > 0) return readPcrBase(segment, at + offset)
  }
  throw new Error("no PCR")
}

describe("encrypted segments", () => {
  it.each(["aes-128", "aes-128-iv"] as const)(
    "are what they were, with the key that %s names",
    async (hlsEncryption) => {
      const [address = ""] = addresses(await playlist())
      const plain = await bytes(address)
      provider.setSettings({ hlsEncryption })
      const text = await playlist()
      const [, uri = "", given] =
        /#EXT-X-KEY:METHOD=AES-128,URI="([^"]+)"(?:,IV=0x([0-9a-f]{32}))?\n/.exec(text) ?? []
      const sequence = Number(/(\d+)\.ts/.exec(address)?.[1])
      const iv = given ?? sequence.toString(16).padStart(32, "0")
      expect(given === undefined).toBe(hlsEncryption === "aes-128")
      const decipher = createDecipheriv("aes-128-cbc", await bytes(uri), Buffer.from(iv, "hex"))
      const sent = await bytes(address)
      expect(Buffer.concat([decipher.update(sent), decipher.final()]).equals(plain)).toBe(true)
      expect(await bytes(uri.replace("demo/demo", "demo/wrong"))).toHaveLength(0)
    },
  )

  it("change their key each ten segments", async () => {
    provider.setSettings({ hlsEncryption: "aes-128", hlsWindow: 30 })
    const keys = [...(await playlist()).matchAll(/URI="([^"]+)"/g)].map(([, uri]) => uri)
    expect([new Set(keys).size, keys.length]).toEqual([3, 3])
  })
})

describe("discontinuities", () => {
  it("are announced where the times jump, and counted", async () => {
    provider.setSettings({ hlsDiscontinuityEvery: 3 })
    const text = await playlist()
    const lines = text.split("\n")
    const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1])
    const before = Math.ceil(first / 3) - 1
    expect(text).toContain(`#EXT-X-DISCONTINUITY-SEQUENCE:${before}\n`)
    const jumps = addresses(text).filter((line) => lines[lines.indexOf(line) - 2] === "#EXT-X-DISCONTINUITY")
    expect(jumps.map((line) => Number(/(\d+)\.ts/.exec(line)?.[1]) % 3)).toEqual([0, 0])
    const times = await Promise.all(addresses(text).map(async (line) => firstPcr(await bytes(line))))
    const steps = times.slice(1).map((time, n) => Math.abs(time - (times[n] ?? 0)) > 90_000 * 60)
    const announced = addresses(text)
      .slice(1)
      .map((line) => jumps.includes(line))
    expect(steps).toEqual(announced)
  })
})

describe("tokens", () => {
  it("change with each load, and end", async () => {
    provider.setSettings({ hlsTokenSeconds: 10 })
    const [one = ""] = addresses(await playlist())
    const [other = ""] = addresses(await playlist())
    expect(one).not.toBe(other)
    expect([(await get(one)).status, (await get(other)).status]).toEqual([200, 200])
    expect((await get(one.replace(/\?.*/, ""))).status).toBe(403)
    expect((await get(`${one}0`)).status).toBe(403)
    const [variant = ""] = addresses(await playlist("/live/demo/demo/1/master.m3u8"))
    expect((await get(variant)).status).toBe(200)
    clock.ms += 10_000
    expect([(await get(variant)).status, (await get(one)).status]).toEqual([403, 403])
  })
})

describe("the count of requests", () => {
  it("has each segment and key that was sent", async () => {
    provider.setSettings({ hlsEncryption: "aes-128" })
    const text = await playlist()
    const [first = "", second = ""] = addresses(text)
    const key = /URI="([^"]+)"/.exec(text)?.[1] ?? ""
    for (const path of [first, second, second, key]) await get(path)
    await get(first.replace(/\d+\.ts/, "1.ts"))
    const short = (path: string) => path.replace("/hls/demo/demo/", "")
    expect(provider.hlsRequests()).toEqual({ [short(first)]: 1, [short(second)]: 2, [short(key)]: 1 })
    expect(JSON.parse((await get("/control/hls")).text)).toEqual(provider.hlsRequests())
    await getText(`${provider.url}/control/hls`, { method: "DELETE" })
    expect(provider.hlsRequests()).toEqual({})
  })
})
