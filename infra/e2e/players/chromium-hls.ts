import { startBrowser } from "../system/browser.ts"
import type { Proof } from "./proof.ts"
import { cinema, news, sayConnections } from "./scene.ts"

const seconds = 8
const patienceMilliseconds = 60_000

export const chromiumHls: Proof = {
  name: "hls.js",
  needs: [{ has: "/usr/bin/chromium", package: "chromium" }],
  async show(scene, findings) {
    const browser = await startBrowser()
    try {
      for (const channel of [news, cinema]) {
        const player = await browser.playHls(await scene.link(channel, "m3u8"))
        const seen = await player.waitFor(({ currentTime }) => currentTime >= seconds, patienceMilliseconds)
        await player.close()
        findings.atLeast(`${channel}: decoded`, seen.frames, seconds * 20, "pictures")
        findings.same(`${channel}: size`, `${seen.width}x${seen.height}`, "640x360")
        const fatal = seen.errors.filter((error) => error.includes("fatal") || error.startsWith("element"))
        findings.same(
          `${channel}: fatal errors, of ${seen.errors.length}`,
          fatal.join(", ") || "none",
          "none",
        )
        sayConnections(scene, findings)
        // Who leaves HLS does not say so: their connection is theirs for some segments more.
        await scene.clear()
      }
    } finally {
      await browser.close()
    }
  },
}
