import { createReadStream } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { type Browser, chromium, type Page } from "playwright-core"

/** What a page's `<video>` and hls.js have seen so far. */
export interface BrowserPlay {
  /** Seconds. */
  currentTime: number
  /** Seconds; infinite for live. */
  duration: number
  width: number
  height: number
  /** Pictures that were decoded. */
  frames: number
  /** Errors of hls.js, and of the element. */
  errors: string[]
  /** Heights of the levels of a master playlist. */
  levels: number[]
  /** Of hls.js: the height of the level that plays. */
  level: number | null
  /** Milliseconds: the longest time for which `currentTime` stood still since a level was chosen, or since it played. */
  stoodStill: number
}

/** Of hls.js: a level is to come as soon as it can without a break, or at once, whatever is buffered. */
export type LevelChange = "next" | "now"

/** One page that plays one address. */
export interface BrowserPlayer {
  look: () => Promise<BrowserPlay>
  /** Waits until what it sees is as wanted; throws with the last look when it takes too long. */
  waitFor: (wanted: (play: BrowserPlay) => boolean, timeoutMs?: number) => Promise<BrowserPlay>
  seek: (seconds: number) => Promise<void>
  /** Of a master playlist: the level to play, by its place. */
  chooseLevel: (index: number, how?: LevelChange) => Promise<void>
  close: () => Promise<void>
}

export interface TestBrowser {
  /** By hls.js. */
  playHls: (url: string) => Promise<BrowserPlayer>
  /** By the element itself. */
  playFile: (url: string) => Promise<BrowserPlayer>
  close: () => Promise<void>
}

const script = fileURLToPath(import.meta.resolve("hls.js/dist/hls.min.js"))
const html = `<!doctype html><title>player</title><video muted playsinline></video><script src="/hls.js"></script>
<script>
  const video = document.querySelector("video"), errors = []
  let hls = null
  const stand = { time: 0, since: 0, longest: 0 }
  setInterval(() => {
    const now = performance.now()
    if (video.currentTime !== stand.time || video.currentTime === 0) Object.assign(stand, { time: video.currentTime, since: now })
    stand.longest = Math.max(stand.longest, now - stand.since)
  }, 20)
  video.addEventListener("error", () => errors.push("element: " + video.error.message))
  const levels = () => (hls === null ? [] : hls.levels)
  window.player = {
    hls(url) {
      hls = new Hls()
      hls.on(Hls.Events.ERROR, (_, { type, details, fatal }) => errors.push([type, details, fatal ? "fatal" : ""].join(" ")))
      hls.loadSource(url)
      hls.attachMedia(video)
      video.play()
    },
    file(url) {
      video.src = url
      video.play()
    },
    choose(level, how) {
      Object.assign(stand, { since: performance.now(), longest: 0 })
      hls[how === "now" ? "currentLevel" : "nextLevel"] = level
    },
    seek(seconds) { video.currentTime = seconds },
    look: () => ({
      currentTime: video.currentTime, duration: video.duration, width: video.videoWidth, height: video.videoHeight,
      frames: video.getVideoPlaybackQuality().totalVideoFrames, errors: errors.slice(),
      levels: levels().map(({ height }) => height), level: levels()[hls?.currentLevel]?.height ?? null,
      stoodStill: stand.longest,
    }),
  }
</script>`

type PlayerWindow = {
  player: {
    hls: (url: string) => void
    file: (url: string) => void
    choose: (level: number, how: LevelChange) => void
    seek: (seconds: number) => void
    look: () => BrowserPlay
  }
}

/** Chromium without a window, and the pages that play in it: served from another origin than what they play. */
export async function startBrowser(): Promise<TestBrowser> {
  const server = createServer((request, response) => {
    if (request.url === "/hls.js") {
      response.writeHead(200, { "content-type": "text/javascript" })
      createReadStream(script).pipe(response)
    } else response.writeHead(200, { "content-type": "text/html" }).end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const browser: Browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
  })
  const open = async (kind: "hls" | "file", url: string): Promise<BrowserPlayer> => {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${port}/`)
    await page.evaluate(([how, address]) => (globalThis as unknown as PlayerWindow).player[how](address), [
      kind,
      url,
    ] as const)
    return playerOn(page)
  }
  return {
    playHls: (url) => open("hls", url),
    playFile: (url) => open("file", url),
    close: async () => {
      await browser.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function playerOn(page: Page): BrowserPlayer {
  const look = () => page.evaluate(() => (globalThis as unknown as PlayerWindow).player.look())
  return {
    look,
    async waitFor(wanted, timeoutMs = 20_000) {
      const until = performance.now() + timeoutMs
      for (;;) {
        const play = await look()
        if (wanted(play)) return play
        if (performance.now() > until) throw new Error(`the page plays on like this: ${JSON.stringify(play)}`)
        await page.waitForTimeout(100)
      }
    },
    seek: (seconds) =>
      page.evaluate((to) => (globalThis as unknown as PlayerWindow).player.seek(to), seconds),
    chooseLevel: (index, how = "next") =>
      page.evaluate(
        ([level, change]) => (globalThis as unknown as PlayerWindow).player.choose(level, change),
        [index, how] as const,
      ),
    close: () => page.close(),
  }
}
