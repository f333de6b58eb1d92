import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { defaultChannels } from "../local/demo-provider/channels.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { openPlayer, type Player, play } from "./player/play.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist, type PlaylistEntry } from "./system/playlist.ts"
import { countFrames, runFfmpeg, runVlc } from "./system/real-players.ts"
import { type System, startSystem } from "./system/start-system.ts"

let panel: DemoProvider
let lister: DemoProvider
let byPanel: System
let byList: System
let folder: string

const account = (provider: DemoProvider) => provider.connections().accounts.one
const login = { username: "one", password: "s3cret-pw" }
const viewers = [{ username: "ann", password: "a", maxStreams: 1 }]
const news = "Tributary News HD"

async function systemOf(source: Record<string, unknown>): Promise<System> {
  const config = await writeConfig(await mkdtemp(join(folder, "config-")), { sources: [source], viewers })
  return await startSystem({ environment: { CONFIG_FILE: config, POOL_GRACE: "1s" } })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-catch-up-"))
  const accounts = [{ ...login, maxConnections: 1 }]
  ;[panel, lister] = await Promise.all([startTestProvider({ accounts }), startTestProvider({ accounts })])
  const list = `${lister.url}/get.php?username=one&password=s3cret-pw&type=m3u_plus&output=ts`
  ;[byPanel, byList] = await Promise.all([
    systemOf({ id: "panel", type: "xtream", url: panel.url, ...login }),
    systemOf({ id: "list", type: "m3u", url: list, ...login, maxStreams: 1 }),
  ])
}, 240_000)

afterAll(async () => {
  await Promise.all([byPanel?.close(), byList?.close()])
  await Promise.all([panel?.close(), lister?.close()])
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  for (const provider of [panel, lister]) {
    provider.clearFaults()
    provider.setSettings({ timeshift: "both", timeZone: "Europe/Berlin" })
    await eventually(
      () => account(provider)?.active ?? 0,
      (count) => count === 0,
      20_000,
    )
    provider.resetPeak()
    provider.resetCatchupRequests()
  }
})

/** A full minute of some hours ago, in Unix seconds. */
const hoursAgo = (hours: number) => (Math.floor(Date.now() / 60_000) - hours * 60) * 60
/** As Xtream's clients write it, in the time zone that `server_info` names, which is UTC. */
function written(seconds: number): string {
  const text = new Date(seconds * 1000).toISOString()
  return `${text.slice(0, 10)}:${text.slice(11, 16).replace(":", "-")}`
}

const entryOf = async (system: System, name: string) =>
  entryNamed(await fetchPlaylist(system.playlistUrl), name)
/** The id behind an entry's address. */
const idOf = ({ url }: PlaylistEntry) => /(\d+)(?:\.ts)?(?:\?|$)/.exec(url)?.[1] ?? ""

async function pastLink(system: System, name: string, start: number, minutes = 1): Promise<string> {
  const id = idOf(await entryOf(system, name))
  return `${system.baseUrl}/timeshift/ann/a/${minutes}/${written(start)}/${id}.ts`
}

function opened(url: string): Player {
  const player = openPlayer(url)
  onTestFinished(() => void player.close())
  return player
}

const whole = {
  ...{ status: 200, ended: "end", aligned: true, tablesFirst: true, startsOnKeyframe: true },
  ...{ syncLosses: 0, pcrJumps: 0, unannouncedPtsJumps: 0, dtsBackwards: 0 },
}

describe("a channel's past", () => {
  it.each(["both", "path", "query"] as const)(
    "is had from a panel that knows the form: %s",
    async (timeshift) => {
      panel.setSettings({ timeshift })
      const start = hoursAgo(5)
      const report = await play(await pastLink(byPanel, news, start))
      expect(report).toMatchObject(whole)
      expect(report.contentType).toBe("video/mp2t")
      expect(report.mediaSeconds).toBeGreaterThan(58)
      expect(report.mediaSeconds).toBeLessThan(63)
      const [request] = panel.catchupRequests()
      // The panel's clock is that of Berlin, the viewer's that of UTC.
      expect(request).toMatchObject({ channel: 101, startUtc: start, seconds: 60 })
      expect(panel.catchupRequests()).toHaveLength(1)
      expect(account(panel)).toMatchObject({ peak: 1, refused: 0 })
    },
    60_000,
  )

  it("is in the same minute in every form that a list can name", async () => {
    const start = hoursAgo(3)
    const kinds = defaultChannels.flatMap(({ id, name, catchup }) => (catchup ? [{ id, name }] : []))
    expect(kinds).toHaveLength(6)
    for (const { id, name } of kinds) {
      lister.resetCatchupRequests()
      const report = await play(await pastLink(byList, name, start))
      expect([name, report]).toMatchObject([name, whole])
      expect(report.mediaSeconds).toBeGreaterThan(58)
      expect(lister.catchupRequests()).toMatchObject([{ channel: id, startUtc: start }])
    }
    expect(account(lister)).toMatchObject({ peak: 1, refused: 0 })
  }, 120_000)

  it("is sought in by another address: the connection before is closed first", async () => {
    const player = opened(await pastLink(byPanel, news, hoursAgo(4), 120))
    await player.waitFor(({ mediaSeconds }) => mediaSeconds > 5, 20_000)
    player.pause()
    const after = opened(await pastLink(byPanel, news, hoursAgo(3), 60))
    await after.waitFor(({ mediaSeconds }) => mediaSeconds > 5, 20_000)
    player.resume()
    expect((await player.ended).ended).toBe("error")
    expect(panel.catchupRequests().map(({ startUtc }) => startUtc)).toEqual([hoursAgo(4), hoursAgo(3)])
    expect(account(panel)).toMatchObject({ active: 1, peak: 1, refused: 0 })
  }, 60_000)

  it("and what is live take turns on one connection", async () => {
    const { url } = await entryOf(byPanel, "World Report 24")
    const live = opened(url)
    await live.waitFor(({ mediaSeconds }) => mediaSeconds > 1, 20_000)
    await live.close()
    const past = opened(await pastLink(byPanel, news, hoursAgo(2), 30))
    await past.waitFor(({ mediaSeconds }) => mediaSeconds > 5, 20_000)
    await past.close()
    const again = opened(url)
    await again.waitFor(({ mediaSeconds }) => mediaSeconds > 1, 20_000)
    expect(account(panel)?.peak).toBe(1)
  }, 60_000)

  it("that is not kept is told, and does not hold the live channel up", async () => {
    const code = async (url: string) => {
      const response = await fetch(url)
      const { error } = (await response.json()) as { error: { code: string } }
      return [response.status, error.code]
    }
    expect(await code(await pastLink(byPanel, news, hoursAgo(24 * 30)))).toEqual([404, "outside_catchup"])
    expect(await code(await pastLink(byPanel, "Tributary Radio", hoursAgo(1)))).toEqual([404, "no_catchup"])
    panel.setSettings({ timeshift: "none" })
    const missing = await pastLink(byPanel, news, hoursAgo(1))
    for (let count = 0; count < 4; count++) expect(await code(missing)).toEqual([502, "upstream_failed"])
    const { url } = await entryOf(byPanel, news)
    const live = opened(url)
    await live.waitFor(({ mediaSeconds }) => mediaSeconds > 1, 20_000)
  }, 60_000)

  it("plays in VLC and ffmpeg", async () => {
    const recording = join(folder, "vlc.ts")
    const link = await pastLink(byPanel, news, hoursAgo(6))
    expect(await runVlc(link, { seconds: 12, recording })).toMatchObject({ code: 0 })
    expect(await countFrames(recording)).toBeGreaterThan(150)
    const played = await runFfmpeg(link, { seconds: 70 })
    expect(played.code).toBe(0)
    expect(played.frames).toBeGreaterThan(58 * 25)
    expect(account(panel)).toMatchObject({ peak: 1, refused: 0 })
  }, 90_000)
})
