import { eventually } from "../system/eventually.ts"
import { openMpegtsPage } from "./mpegts-page.ts"
import type { Proof } from "./proof.ts"
import { cinema, news, sayConnections } from "./scene.ts"

const seconds = 6
const patienceMilliseconds = 40_000

export const chromiumMpegts: Proof = {
  name: "mpegts.js",
  needs: [{ has: "/usr/bin/chromium", package: "chromium" }],
  async show(scene, findings) {
    const page = await openMpegtsPage()
    try {
      for (const channel of [news, cinema, news]) {
        await page.play(await scene.link(channel, "ts"))
        const seen = await eventually(
          page.look,
          ({ playedSeconds, errors }) => playedSeconds >= seconds || errors.length > 0,
          patienceMilliseconds,
        )
        findings.same(`${channel}: errors`, seen.errors.join(", ") || "none", "none")
        findings.same(`${channel}: size`, `${seen.width}x${seen.height}`, "640x360")
        const what = `${channel}: played, ${seen.frames} pictures decoded`
        findings.atLeast(what, seen.playedSeconds, seconds, "s")
      }
      sayConnections(scene, findings)
    } finally {
      await page.close()
    }
  },
}
