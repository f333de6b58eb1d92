import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { smallChannels, temporaryFolder } from "../../../../infra/local/demo-provider/loop-for-tests.ts"
import {
  type DemoProvider,
  startDemoProvider,
} from "../../../../infra/local/demo-provider/start-demo-provider.ts"
import { until } from "../../pool/pool-fixture.ts"
import { ManualClock, play } from "./hls-fixture.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const clock = new ManualClock()
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let provider: DemoProvider

beforeAll(async () => {
  folder = await temporaryFolder()
  provider = await startDemoProvider({
    dataDir: folder.path,
    channels: smallChannels.slice(0, 1),
    movieSeconds: 2,
    now: () => Date.UTC(2026, 0, 1) + clock.now(),
  })
})
afterAll(async () => {
  await provider.close()
  await folder.remove()
})

const secondsToPlay = 180
const defaults = {
  hlsWindow: 6,
  hlsEncryption: "none",
  hlsDiscontinuityEvery: 0,
  hlsTokenSeconds: 0,
} as const

describe("three minutes of a provider's stream", () => {
  it.each([
    ["with a window of 30 segments", { hlsWindow: 30 }, "1.m3u8", 0],
    ["encrypted, with numbers for vectors", { hlsEncryption: "aes-128" }, "1.m3u8", 0],
    ["encrypted, with vectors of its own", { hlsEncryption: "aes-128-iv", hlsWindow: 30 }, "1.m3u8", 0],
    ["with discontinuities", { hlsDiscontinuityEvery: 7 }, "1.m3u8", 13],
    ["in variants, with tokens that end", { hlsTokenSeconds: 7, hlsWindow: 30 }, "1/master.m3u8", 0],
  ] as const)("are played with each segment once: %s", async (_, change, path, jumps) => {
    // The session before is over.
    clock.advance(20_000)
    provider.setSettings({ ...defaults, ...change })
    provider.resetHlsRequests()
    provider.resetPeak()
    // Time passes while a slow machine is at work; that is not to be a stall.
    const stream = await play(`${provider.url}/live/demo/demo/${path}`, { clock, stallMilliseconds: 60_000 })
    const sent = () => Object.entries(provider.hlsRequests()).filter(([name]) => name.endsWith(".ts"))
    const missing = () => sent().length - stream.seams.length - 1
    for (let second = 0; second < secondsToPlay; second += 2) await stream.pass(2_000, { inFlight: missing })
    await until("all that was sent has come", () => missing() === 0 && stream.bytes().length % 188 === 0)
    const numbers = sent().map(([name]) => Number(/(\d+)\.ts/.exec(name)?.[1]))
    const first = numbers[0] ?? 0
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (__, n) => first + n))
    expect(new Set(sent().map(([, times]) => times))).toEqual(new Set([1]))
    // Segments of 1.92 s, of which the first four are there at once.
    expect(numbers.length).toBeGreaterThanOrEqual(Math.floor(secondsToPlay / 1.92) + 2)
    const discontinuities = stream.seams.filter(({ seam }) => seam === "discontinuity").length
    expect(Math.abs(discontinuities - jumps)).toBeLessThanOrEqual(jumps === 0 ? 0 : 1)
    const bytes = stream.bytes()
    for (let at = 0; at < bytes.length; at += 188)
      if (bytes[at] !== 0x47) throw new Error(`no packet at ${at}`)
    expect(provider.connections().accounts.demo).toMatchObject({ peak: 1, refused: 0 })
    expect([stream.hasEnded(), stream.upstream.skippedSegments]).toEqual([false, 0])
    await stream.upstream.close()
  })
})
