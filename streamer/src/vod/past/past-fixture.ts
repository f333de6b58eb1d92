import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Feed } from "@tributary/shared/catalogue/entry"
import { type Settings, settingsSchema } from "@tributary/shared/config/settings"
import { log } from "@tributary/shared/log/log"
import type { PanelClock } from "@tributary/shared/store/records"
import { afterAll, afterEach, beforeAll } from "vitest"
import { pastChannels } from "../../../../infra/local/demo-provider/loop-for-tests.ts"
import {
  type DemoProvider,
  startDemoProvider,
} from "../../../../infra/local/demo-provider/start-demo-provider.ts"
import type { SpawnRemux } from "../../ffmpeg/remuxer.ts"
import { readPcrBase, ticksPerSecond, wrapTicks } from "../../mpegts/clock.ts"
import { hasAdaptation, hasPcr, packetBytes } from "../../mpegts/packet.ts"
import { until } from "../../pool/pool-fixture.ts"
import type { OpenSource } from "../../upstream/open-feed.ts"
import type { Past } from "../past-player.ts"
import { zoneOf } from "./local-time.ts"
import { pastOpener } from "./open-past.ts"

export const login = { username: "demo", password: "demo" }

/** A provider whose channels' past is kept, with an account of one connection. */
export let provider: DemoProvider
const opened: Past[] = []

/** Starts the provider for all tests of a file, and closes what each of them opened. */
export function usePastProvider(): void {
  beforeAll(async () => {
    provider = await startDemoProvider({
      // Rendering is the same for every run, so it is kept.
      dataDir: join(tmpdir(), "tributary-demo-loops"),
      channels: pastChannels,
      movieSeconds: 2,
      accounts: [
        { ...login, maxConnections: 1 },
        // A session of HLS counts for some seconds after its last request.
        { username: "hls", password: "hls", maxConnections: 9 },
      ],
    })
  })
  afterEach(async () => {
    for (const past of opened.splice(0)) await past.close()
    provider.clearFaults()
    provider.setSettings({ timeshift: "both", timeZone: "Europe/Berlin", pastEndlist: true, whenFull: 403 })
    provider.resetCatchupRequests()
    await until("the provider is idle", () => provider.account("demo")?.activeConnections === 0)
  })
  afterAll(() => provider.close())
}

export const sourceAt = (url: string, account = login): OpenSource => ({
  record: {
    ...{ id: "demo", type: "xtream", origin: "file", order: 1, sealed: "" },
    ...{ enabled: true, live: true, vod: true, series: true, profiles: [] },
  },
  secret: { url, logins: { primary: { url: null, ...account } } },
})

export interface Opening {
  feed: Pick<Feed, "locator"> & Partial<Feed>
  source?: OpenSource
  start: number
  seconds?: number
  settings?: Partial<Settings>
  signal?: AbortSignal
}

/** What opens the past for one test; `clock` is what the panel says of its own. */
export function opener(clock: PanelClock | null = { timeZone: "Europe/Berlin" }, spawn?: SpawnRemux) {
  const open = pastOpener({
    clocks: { zone: async () => (clock === null ? null : zoneOf(clock).zone) },
    now: Date.now,
    logger: log("test", "past"),
    ...(spawn === undefined ? {} : { spawn }),
  })
  return async ({ feed, source, start, seconds = 60, settings, signal }: Opening) => {
    const result = await open(
      { id: "feed", source: "demo", catchup: { days: 3, kind: "default" }, ...feed },
      source ?? sourceAt(provider.url),
      "primary",
      { ...settingsSchema.parse({ stallTimeout: "2s" }), ...settings },
      { start, seconds },
      signal ?? new AbortController().signal,
    )
    if (result.ok) opened.push(result.past)
    return result
  }
}

/** Opens it and reads it to its end. */
export async function readPast(open: ReturnType<typeof opener>, opening: Opening) {
  const result = await open(opening)
  if (!result.ok) throw new Error(`did not open: ${JSON.stringify(result.failure)}`)
  const chunks: Buffer[] = []
  const end = await result.past.read((chunk) => void chunks.push(Buffer.from(chunk)))
  await result.past.close()
  return {
    end,
    bytes: Buffer.concat(chunks),
    areWhole: chunks.every(({ length }) => length % packetBytes === 0),
  }
}

/** From where to where a piece of the demo provider's past goes, in seconds from a moment. */
export function spanFrom(start: number, bytes: Buffer): { from: number; to: number } {
  const times: number[] = []
  for (let at = 0; at + packetBytes <= bytes.length; at += packetBytes)
    if (hasAdaptation(bytes, at) && hasPcr(bytes, at)) times.push(readPcrBase(bytes, at))
  const origin = wrapTicks(start * ticksPerSecond)
  const seconds = (base = Number.NaN) => (base - origin) / ticksPerSecond
  return { from: seconds(times[0]), to: seconds(times.at(-1)) }
}
