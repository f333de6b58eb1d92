import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { openPlayer, type Player, play } from "./player/play.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist, type PlaylistEntry } from "./system/playlist.ts"
import { runMpv, runVlc } from "./system/real-players.ts"
import { type System, startSystem } from "./system/start-system.ts"

let provider: DemoProvider
let system: System
let folder: string
let entries: PlaylistEntry[]
const link = (name: string) => entryNamed(entries, name).url
const asBen = (name: string) => link(name).replace("username=ann&password=a", "username=ben&password=b")
const held = () => provider.connections().accounts.one
/** A player that is gone when its test ends, however that ends. */
function opened(url: string): Player {
  const player = openPlayer(url)
  onTestFinished(async () => void (await player.close()))
  return player
}
const news = "Tributary News HD"
const cinema = "Fractal Cinema"

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-play-"))
  provider = await startTestProvider({
    accounts: [{ username: "one", password: "s3cret-pw", maxConnections: 1 }],
  })
  const config = await writeConfig(folder, {
    sources: [{ id: "acme", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw" }],
    viewers: [
      { username: "ann", password: "a" },
      { username: "ben", password: "b", maxStreams: 1 },
    ],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config, POOL_GRACE: "3s" } })
  entries = await fetchPlaylist(system.playlistUrl)
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

// Each test begins with the account free and nothing in grace.
beforeEach(async () => {
  await eventually(held, (account) => (account?.active ?? 0) === 0, 20_000)
  provider.resetPeak()
})

describe("one provider connection of a one-connection account", () => {
  it("feeds VLC, mpv and a strict player at once, from the playlist's own link", async () => {
    const recording = join(folder, "vlc.ts")
    const [vlc, mpv, strict] = await Promise.all([
      runVlc(link(news), { seconds: 8, recording }),
      runMpv(link(news), { seconds: 5 }),
      play(link(news), { seconds: 8 }),
    ])
    expect(vlc).toMatchObject({ code: 0 })
    expect((await stat(recording)).size).toBeGreaterThan(200_000)
    expect(mpv).toMatchObject({ code: 0 })
    expect(mpv.output).toMatch(/VO: \[null\] 640x360/)
    expect(strict).toMatchObject({
      status: 200,
      contentType: "video/mp2t",
      acceptRanges: "none",
      redirects: [`302 localhost:${system.ports.streamers[0]}`],
      aligned: true,
      tablesFirst: true,
      startsOnKeyframe: true,
      syncLosses: 0,
      ccErrors: 0,
      pcrJumps: 0,
      ptsJumps: 0,
      ended: "time",
    })
    expect(held()).toMatchObject({ peak: 1 })
  }, 60_000)

  it("starts every joiner on tables and a keyframe, whenever they come", async () => {
    const first = opened(link(news))
    await first.firstByte
    const joiners = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        await eventually(
          () => first.report().mediaSeconds,
          (seconds) => seconds > index * 0.37,
          10_000,
        )
        return play(link(news), { seconds: 2 })
      }),
    )
    for (const joiner of joiners)
      expect(joiner).toMatchObject({
        aligned: true,
        tablesFirst: true,
        startsOnKeyframe: true,
        ccErrors: 0,
        pcrJumps: 0,
      })
    expect(await first.close()).toMatchObject({ ccErrors: 0, pcrJumps: 0, syncLosses: 0 })
    expect(held()).toMatchObject({ peak: 1 })
  }, 60_000)

  it("refuses a second channel with 503 no_capacity, and plays it at once when the first is left", async () => {
    const first = opened(link(news))
    await first.firstByte
    const refused = await fetch(asBen(cinema), { redirect: "manual" })
    expect(refused.status).toBe(503)
    expect(refused.headers.get("retry-after")).toBe("5")
    expect(await refused.json()).toEqual({
      error: { code: "no_capacity", message: expect.any(String), retryAfterSeconds: 5 },
    })
    await first.close()
    // Until the store knows that the first one has left; HEAD asks without taking anything.
    await eventually(
      async () => (await fetch(asBen(cinema), { method: "HEAD", redirect: "manual" })).status,
      (status) => status === 302,
      5_000,
    )
    // The first stream is in its grace and holds the connection until this one needs it.
    const second = await play(asBen(cinema), { seconds: 3 })
    expect(second).toMatchObject({ status: 200, aligned: true, startsOnKeyframe: true, ccErrors: 0 })
    expect(second.firstByteMs).toBeLessThan(2_000)
    expect(held()).toMatchObject({ peak: 1, refused: 0 })
  }, 60_000)

  it("keeps the connection for a viewer who comes back within the grace", async () => {
    await play(link(news), { seconds: 1 })
    const opened = provider.connections().accounts.one?.opened
    expect(await play(link(news), { seconds: 1 })).toMatchObject({ status: 200, startsOnKeyframe: true })
    expect(held()).toMatchObject({ opened, active: 1 })
  }, 30_000)

  it("opens nothing for HEAD, which is answered like GET", async () => {
    const before = held()?.opened
    const head = await fetch(link(news), { method: "HEAD", redirect: "manual" })
    expect(head.status).toBe(302)
    const streamer = await fetch(head.headers.get("location") ?? "", { method: "HEAD" })
    expect(streamer.status).toBe(200)
    expect(streamer.headers.get("content-type")).toBe("video/mp2t")
    expect(held()?.opened).toBe(before)
    expect(held()?.active ?? 0).toBe(0)
  })

  it("plays a channel by its name, with Basic credentials, for a player that asks for a range", async () => {
    const url = `${system.baseUrl}/stream/${encodeURIComponent("tributary  NEWS hd")}`
    const authorization = `Basic ${Buffer.from("ann:a").toString("base64")}`
    const report = await play(url, { seconds: 1, headers: { authorization, range: "bytes=0-" } })
    expect(report).toMatchObject({ status: 200, aligned: true, startsOnKeyframe: true })
  }, 30_000)

  it("lets a player reconnect to the redirected address after the stream has closed", async () => {
    const redirect = await fetch(link(news), { redirect: "manual" })
    const ticketUrl = redirect.headers.get("location") ?? ""
    expect(await play(ticketUrl, { seconds: 1 })).toMatchObject({ status: 200 })
    await eventually(held, (account) => account?.active === 0, 20_000)
    expect(await play(ticketUrl, { seconds: 1 })).toMatchObject({ status: 200, startsOnKeyframe: true })
  }, 60_000)
})

describe("refusals", () => {
  const errorOf = async (response: Response) => [
    response.status,
    ((await response.json()) as { error: { code: string } }).error.code,
  ]
  const open = (path: string) => fetch(`${system.baseUrl}${path}`, { redirect: "manual" })

  it("names what is wrong", async () => {
    const id = /stream\/(\d+)/.exec(link(news))?.[1]
    expect(await errorOf(await open(`/stream/${id}.ts`))).toEqual([401, "unauthorized"])
    expect(await errorOf(await open(`/stream/${id}.ts?username=ann&password=x`))).toEqual([
      401,
      "unauthorized",
    ])
    expect(await errorOf(await open("/stream/nothing?username=ann&password=a"))).toEqual([
      404,
      "unknown_channel",
    ])
    expect(await errorOf(await open("/nowhere"))).toEqual([404, "not_found"])
  })

  it("tells a viewer at their own limit", async () => {
    const first = opened(asBen(news))
    await first.firstByte
    expect(await errorOf(await fetch(asBen(cinema), { redirect: "manual" }))).toEqual([429, "viewer_limit"])
    await first.close()
  }, 30_000)

  it("refuses bad tickets", async () => {
    const streamer = `http://localhost:${system.ports.streamers[0]}`
    expect(await errorOf(await fetch(`${streamer}/live/nonsense.ts`))).toEqual([401, "bad_ticket"])
    expect(await errorOf(await fetch(`${streamer}/streams-nowhere`))).toEqual([404, "not_found"])
  })

  it("says that the provider failed, and gives the slot back", async () => {
    provider.setFault(entryOf(cinema), { kind: "status", status: 404 })
    const response = await fetch(link(cinema))
    expect(await errorOf(response)).toEqual([502, "upstream_failed"])
    provider.clearFaults()
    expect(await play(link(news), { seconds: 1 })).toMatchObject({ status: 200 })
  }, 30_000)

  function entryOf(name: string): number {
    const channel = provider.channels.find((candidate) => candidate.name === name)
    if (channel === undefined) throw new Error(`no channel ${name}`)
    return channel.id
  }
})

describe("what nobody sees", () => {
  it("shows the provider's address and credentials nowhere", async () => {
    const host = new URL(provider.url).host
    const playlist = await (await fetch(system.playlistUrl)).text()
    const redirect = await fetch(link(news), { redirect: "manual" })
    const ticket = (redirect.headers.get("location") ?? "").split("/").at(-1) ?? ""
    const [, claims = ""] = ticket.split(".")
    const answers = [playlist, Buffer.from(claims, "base64url").toString(), JSON.stringify(system.logs)]
    answers.push(await (await fetch(`${system.baseUrl}/health`)).text())
    for (const answer of answers) {
      expect(answer).not.toContain(host)
      expect(answer).not.toContain("s3cret-pw")
    }
  })

  it("serves a logo of the provider's server without naming it", async () => {
    const logo = entryNamed(entries, news).attributes.find(([name]) => name === "tvg-logo")?.[1] ?? ""
    expect(logo).toMatch(new RegExp(`^${system.baseUrl}/logo/\\d+$`))
    const picture = await fetch(logo)
    expect(picture.status).toBe(200)
    expect(picture.headers.get("content-type")).toMatch(/^image\//)
  })
})

describe("a streamer that dies", () => {
  it("frees its connection within 20 s, and the next one plays", async () => {
    const player = opened(link(news))
    await player.firstByte
    const [id] = await system.processes("streamer/src/main.ts")
    process.kill(id ?? 0, "SIGKILL")
    const from = performance.now()
    const report = await eventually(
      () => play(asBen(cinema), { seconds: 1 }),
      ({ status }) => status === 200,
      20_000,
    )
    expect(performance.now() - from).toBeLessThan(21_500)
    expect(report).toMatchObject({ startsOnKeyframe: true })
    expect((await player.ended).ended).toMatch(/error|end/)
    expect(held()).toMatchObject({ peak: 1 })
  }, 60_000)
})
