import { join } from "node:path"
import { z } from "zod"
import { eventually } from "../system/eventually.ts"
import { MpvRemote } from "./mpv-remote.ts"
import type { Proof } from "./proof.ts"
import { cinema, news, sayConnections } from "./scene.ts"

const seconds = 4
const patienceMilliseconds = 30_000
const playlistSchema = z.array(z.object({ filename: z.string(), title: z.string().optional() }))
const lookSchema = z.object({ title: z.string(), time: z.number(), width: z.number(), lost: z.number() })

export const mpv: Proof = {
  name: "mpv",
  needs: [{ has: "mpv", package: "mpv" }],
  async show(scene, findings) {
    const path = join(scene.folder, "mpv.sock")
    const child = await scene.programs.start("mpv", [
      ...["--no-config", "--ytdl=no", "--vo=null", "--ao=null", "--idle=yes", "--terminal=no"],
      `--input-ipc-server=${path}`,
    ])
    let remote: MpvRemote | null = null
    try {
      const opened = await eventually(
        () => MpvRemote.at(path).catch(() => null),
        (found) => found !== null,
        patienceMilliseconds,
      )
      if (opened === null) throw new Error("mpv does not listen")
      remote = opened
      await opened.do("loadlist", scene.address("/playlist.m3u8"))
      const wanted = await scene.entries()
      const entries = playlistSchema.parse(await opened.get("playlist"))
      const addresses = entries.map(({ filename }) => filename)
      // Names it takes from behind the first comma, which may be one of an attribute.
      findings.sameList(
        "the playlist's entries, by address",
        addresses,
        wanted.map(({ url }) => url),
      )
      for (const channel of [cinema, news, cinema]) {
        await opened.do(
          "playlist-play-index",
          entries.findIndex(({ title }) => title === channel),
        )
        const seen = await eventually(
          () => look(opened),
          (found) => found.success && found.data.title === channel && found.data.time >= seconds,
          patienceMilliseconds,
        )
        const { time = 0, width = 0, lost = 0 } = seen.data ?? {}
        findings.atLeast(
          `${channel}: played, ${width} pixels wide, ${lost} pictures lost`,
          time,
          seconds,
          "s",
        )
      }
      sayConnections(scene, findings)
    } finally {
      remote?.close()
      await child.close()
    }
  },
}

async function look(remote: MpvRemote) {
  const names = ["media-title", "playback-time", "width", "frame-drop-count"]
  const [title, time, width, lost] = await Promise.all(names.map((name) => remote.get(name)))
  return lookSchema.safeParse({ title, time, width, lost })
}
