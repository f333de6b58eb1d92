import { chown, mkdir } from "node:fs/promises"
import { join } from "node:path"
import { eventually } from "../system/eventually.ts"
import { freePort } from "../system/free-ports.ts"
import type { Proof } from "./proof.ts"
import { cinema, news, type Scene, sayConnections } from "./scene.ts"
import { VlcRemote } from "./vlc-remote.ts"

const nobody = 65_534
const password = "remote"
const pictures = 100
const patienceMilliseconds = 30_000

export const vlc: Proof = {
  name: "vlc",
  needs: [
    { has: "cvlc", package: "vlc-bin" },
    { has: "/usr/share/doc/vlc-plugin-base", package: "vlc-plugin-base" },
    { has: "setpriv", package: "util-linux" },
  ],
  async show(scene, findings) {
    const port = await freePort()
    const child = await startVlc(scene, port)
    try {
      const remote = new VlcRemote(port, password)
      const wanted = await scene.entries()
      // It reads a playlist when it is told to play it.
      const [list] = await eventually(entriesOf(remote), ({ length }) => length > 0, patienceMilliseconds)
      if (list !== undefined) await remote.play(list)
      const entries = await eventually(
        entriesOf(remote),
        ({ length }) => length >= wanted.length,
        patienceMilliseconds,
      )
      const names = entries.map(({ name }) => name)
      findings.sameList(
        "the playlist's entries, by name",
        names,
        wanted.map(({ name }) => name),
      )
      for (const channel of [cinema, news, cinema]) {
        const entry = entries.find(({ name }) => name === channel)
        if (entry === undefined) throw new Error(`VLC does not list ${channel}`)
        await remote.play(entry)
        const seen = await eventually(
          () => remote.look(),
          (look) => look.entry === entry.id && look.pictures >= pictures,
          patienceMilliseconds,
        )
        findings.same("title that plays", seen.title, channel)
        findings.atLeast(`${channel}: shown, with ${seen.lost} lost`, seen.pictures, pictures, "pictures")
      }
      sayConnections(scene, findings)
    } finally {
      await child.close()
    }
  },
}

/** Answers of VLC, none before it listens. */
const entriesOf = (remote: VlcRemote) => () => remote.entries().catch(() => [])

/** Without a window. It refuses to run as root, and containers run everything as root. */
async function startVlc(scene: Scene, port: number) {
  const home = join(scene.folder, "vlc")
  await mkdir(home)
  const isRoot = process.getuid?.() === 0
  if (isRoot) await chown(home, nobody, nobody)
  const args = [
    ...["cvlc", "-I", "http", "--http-host", "127.0.0.1", "--http-port", String(port)],
    ...["--http-password", password, "--vout", "dummy", "--aout", "dummy", "--no-playlist-autostart"],
    scene.address("/playlist.m3u8"),
  ]
  const asNobody = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"]
  const [program = "", ...rest] = isRoot ? [...asNobody, ...args] : args
  return scene.programs.start(program, rest, { environment: { ...process.env, HOME: home } })
}
