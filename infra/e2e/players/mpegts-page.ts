import { createReadStream } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"

/** What a page's `<video>` and mpegts.js have seen so far. */
export interface MpegtsPlay {
  /** Seconds that were played, however the stream numbers them. */
  playedSeconds: number
  width: number
  height: number
  /** Pictures that were decoded. */
  frames: number
  /** Errors of mpegts.js, and of the element. */
  errors: string[]
}

/** Chromium without a window, and one page in it that plays TS by mpegts.js. */
export interface MpegtsPage {
  /** Another channel: what played before is left first. */
  play: (url: string) => Promise<void>
  look: () => Promise<MpegtsPlay>
  close: () => Promise<void>
}

const script = fileURLToPath(import.meta.resolve("mpegts.js"))
const html = `<!doctype html><title>player</title><video muted playsinline></video><script src="/mpegts.js"></script>
<script>
  const video = document.querySelector("video")
  let player = null, errors = [], from = null
  video.addEventListener("error", () => errors.push("element: " + video.error.message))
  video.addEventListener("timeupdate", () => { from ??= video.currentTime })
  window.page = {
    play(url) {
      player?.destroy()
      errors = []
      from = null
      player = mpegts.createPlayer({ type: "mpegts", isLive: true, url })
      player.on(mpegts.Events.ERROR, (type, detail) => errors.push(type + " " + detail))
      player.attachMediaElement(video)
      player.load()
      player.play()
    },
    look: () => ({
      playedSeconds: from === null ? 0 : video.currentTime - from,
      width: video.videoWidth, height: video.videoHeight,
      frames: video.getVideoPlaybackQuality().totalVideoFrames, errors,
    }),
  }
</script>`

type PageWindow = { page: { play: (url: string) => void; look: () => MpegtsPlay } }

/** The page is served from another origin than what it plays. */
export async function openMpegtsPage(): Promise<MpegtsPage> {
  const server = createServer((request, response) => {
    if (request.url === "/mpegts.js") {
      response.writeHead(200, { "content-type": "text/javascript" })
      createReadStream(script).pipe(response)
    } else response.writeHead(200, { "content-type": "text/html" }).end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
  })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  return {
    play: (url) => page.evaluate((address) => (globalThis as unknown as PageWindow).page.play(address), url),
    look: () => page.evaluate(() => (globalThis as unknown as PageWindow).page.look()),
    async close() {
      await browser.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
