import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { countFrames } from "../system/real-players.ts"
import type { Proof } from "./proof.ts"
import { news, sayConnections } from "./scene.ts"

const seconds = 15
// It starts in two seconds or so, and HLS comes a segment at a time.
const leastPictures = 150

export const streamlink: Proof = {
  name: "streamlink",
  needs: [
    { has: "streamlink", package: "streamlink" },
    { has: "ffmpeg", package: "ffmpeg" },
  ],
  async show(scene, findings) {
    for (const [output, protocol] of [
      ["ts", "httpstream"],
      ["m3u8", "hls"],
    ] as const) {
      const recording = join(scene.folder, `streamlink-${output}.ts`)
      const link = await scene.link(news, output)
      const child = await scene.programs.start("streamlink", [
        ...["--output", recording, `${protocol}://${link}`, "best"],
      ])
      const ended = await Promise.race([child.exited, delay(seconds * 1000, null, { ref: false })])
      await child.close()
      findings.same(`${output}: until it was stopped`, ended?.tail ?? "played", "played")
      const pictures = await countFrames(recording)
      findings.atLeast(`${output}: recorded in ${seconds} s`, pictures, leastPictures, "pictures")
    }
    sayConnections(scene, findings)
  },
}
