import { probe, runFfmpeg } from "../system/real-players.ts"
import type { Proof } from "./proof.ts"
import { news, sayConnections } from "./scene.ts"

const seconds = 8
const framesPerSecond = 25

export const ffmpeg: Proof = {
  name: "ffmpeg",
  needs: [{ has: "ffmpeg", package: "ffmpeg" }],
  async show(scene, findings) {
    for (const output of ["ts", "m3u8"] as const) {
      const link = await scene.link(news, output)
      const { streams } = await probe(link)
      const codecs = streams.map(({ codec_name, width, height }) =>
        width === undefined ? codec_name : `${codec_name} ${width}x${height}`,
      )
      findings.same(`${output}: streams, by ffprobe`, codecs.join(", "), "h264 640x360, aac")
      const { code, output: errors, frames } = await runFfmpeg(link, { seconds })
      findings.same(`${output}: exit code of ffmpeg`, code ?? errors, 0)
      const least = seconds * framesPerSecond - framesPerSecond
      findings.atLeast(`${output}: decoded of ${seconds} s`, frames, least, "pictures")
    }
    sayConnections(scene, findings)
  },
}
