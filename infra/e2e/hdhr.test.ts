import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { play } from "./player/play.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { type System, startSystem } from "./system/start-system.ts"

let provider: DemoProvider
let system: System
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-hdhr-"))
  provider = await startTestProvider({ accounts: [{ username: "one", password: "s3cret-pw" }] })
  const config = await writeConfig(folder, {
    sources: [{ id: "acme", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw" }],
    viewers: [{ username: "ann", password: "a", maxStreams: 3 }],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config } })
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

const json = async (url: string) => (await (await fetch(url)).json()) as Record<string, unknown>

describe("a program that looks for a network tuner", () => {
  it("finds its way from the device to every channel, and plays one", async () => {
    const device = await json(`${system.baseUrl}/hdhr/ann/a/discover.json`)
    expect(device).toMatchObject({ TunerCount: 3, BaseURL: `${system.baseUrl}/hdhr/ann/a` })
    expect(await json(`${device.BaseURL}/lineup_status.json`)).toMatchObject({ ScanInProgress: 0 })
    const description = await (await fetch(`${device.BaseURL}/device.xml`)).text()
    expect(description).toContain(`<serialNumber>${device.DeviceID}</serialNumber>`)
    const lineup = (await json(String(device.LineupURL))) as unknown as Record<string, string>[]
    expect(new Set(lineup.map(({ GuideName }) => GuideName))).toEqual(
      new Set(provider.channels.map(({ name }) => name)),
    )
    expect(new Set(lineup.map(({ GuideNumber }) => GuideNumber)).size).toBe(lineup.length)
    // Programs that transcode say so behind the address.
    const played = await play(`${lineup[0]?.URL}?transcode=none`, { seconds: 1 })
    expect(played).toMatchObject({ status: 200, aligned: true, startsOnKeyframe: true })
  }, 30_000)
})
