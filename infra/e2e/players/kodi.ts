import { mkdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { eventually } from "../system/eventually.ts"
import { freePort } from "../system/free-ports.ts"
import type { Findings } from "./findings.ts"
import { writeKodiHome } from "./kodi-home.ts"
import { showList } from "./kodi-list.ts"
import { KodiRemote } from "./kodi-remote.ts"
import { KodiScreen } from "./kodi-screen.ts"
import { startLoudspeaker } from "./loudspeaker.ts"
import type { Proof } from "./proof.ts"
import { cinema, news, sayConnections } from "./scene.ts"
import { changeBetween, lightOf, type Screen, startScreen } from "./screen.ts"

const seconds = 5
const startMilliseconds = 60_000
const patienceMilliseconds = 40_000
const quitMilliseconds = 10_000
const addonFolder = "/usr/share/kodi/addons"
// The client itself, and what it does not start without.
const addons = ["inputstream.ffmpegdirect", "inputstream.rtmp", "inputstream.adaptive", "pvr.iptvsimple"]

/** Kodi with its IPTV Simple client; what it shows is also saved as a PNG, when a file is named. */
export const kodi = (screenshot: string | null): Proof => ({
  name: "kodi",
  needs: [
    { has: "kodi", package: "kodi" },
    ...addons.map((addon) => ({
      has: join(addonFolder, addon, "addon.xml"),
      package: `kodi-${addon.replace(".", "-")}`,
    })),
    { has: "Xvfb", package: "xvfb" },
    { has: "pulseaudio", package: "pulseaudio" },
    { has: "ffmpeg", package: "ffmpeg" },
  ],
  async show(scene, findings) {
    const home = join(scene.folder, "kodi")
    const [rpc, events] = [await freePort(), await freePort()]
    await mkdir(home)
    await writeKodiHome(home, {
      playlistUrl: scene.address("/playlist.m3u8"),
      guideUrl: scene.address("/guide.xml"),
      ports: { rpc, events },
    })
    let remote: KodiRemote | null = null
    try {
      const screen = await startScreen(scene.programs)
      const runtime = { ...process.env, HOME: home, XDG_RUNTIME_DIR: join(home, "run") }
      await startLoudspeaker(scene.programs, runtime)
      const environment = { ...runtime, DISPLAY: screen.display }
      const child = await scene.programs.start("kodi", ["--audio-backend=pulseaudio"], { environment })
      const ended = child.exited.then(({ lastLine }) => {
        throw new Error(`Kodi ended by itself: ${lastLine}`)
      })
      ended.catch(() => undefined)
      remote = await Promise.race([connectTo(rpc), ended])
      const there = new KodiScreen(remote)
      for (const addon of addons) await there.enable(addon)
      await showList(scene, findings, there)
      await showChannels(findings, there, screen, screenshot)
      sayConnections(scene, findings)
      showLog(findings, await readFile(join(home, ".kodi", "temp", "kodi.log"), "utf8"))
      await there.quit()
      await Promise.race([child.exited, delay(quitMilliseconds, null, { ref: false })])
    } finally {
      remote?.close()
      await scene.programs.close()
    }
  },
})

async function connectTo(port: number): Promise<KodiRemote> {
  const remote = await eventually(
    () => KodiRemote.at(port).catch(() => null),
    (found) => found !== null,
    startMilliseconds,
  )
  if (remote === null) throw new Error("Kodi does not listen")
  return remote
}

async function showChannels(
  findings: Findings,
  there: KodiScreen,
  screen: Screen,
  screenshot: string | null,
): Promise<void> {
  const channels = await there.channels()
  for (const name of [cinema, news]) {
    const channel = channels.find((candidate) => candidate.name === name)
    if (channel === undefined) throw new Error(`Kodi does not list ${name}`)
    await there.play(channel)
    const isThere = (seen: Awaited<ReturnType<KodiScreen["look"]>>) =>
      seen.channel === name && seen.seconds >= seconds && seen.isWhole
    const seen = await eventually(() => there.look(), isThere, patienceMilliseconds)
    findings.atLeast(
      `${name}: played, ${seen.width} wide, programme "${seen.programme}"`,
      seen.seconds,
      seconds,
      "s",
    )
    const before = await screen.look()
    const { mean, spread } = lightOf(before)
    findings.atLeast(`${name}: brightness of the screen, of 255`, mean, 20, "")
    findings.atLeast(`${name}: its spread, none for one colour`, spread, 20, "")
    const later = await eventually(
      () => screen.look(),
      (picture) => changeBetween(before, picture) > 0.01,
      patienceMilliseconds,
    )
    findings.atLeast(`${name}: the screen that moves`, changeBetween(before, later) * 100, 1, "%")
  }
  if (screenshot === null) return
  await there.showInfo()
  await screen.save(screenshot)
}

/** What its client says there of the playlist and the guide, and of anything wrong. */
function showLog(findings: Findings, log: string): void {
  const lines = log.split("\n").filter((line) => line.includes("pvr.iptvsimple"))
  const loaded = (what: RegExp) => Number(lines.findLast((line) => what.test(line))?.match(what)?.[1] ?? 0)
  findings.atLeast("in its log: loaded", loaded(/Loaded '?(\d+)'? channels\./), 7, "channels")
  findings.atLeast("in its log: loaded", loaded(/Loaded '?(\d+)'? EPG entries/), 700, "programmes")
  const errors = lines.filter((line) => / (error|warning|fatal) </i.test(line))
  findings.same("in its log: errors of the client", errors.join(" | ") || "none", "none")
}
