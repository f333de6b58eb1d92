import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { entryNamed, fetchPlaylist } from "../system/playlist.ts"
import { type System, startSystem } from "../system/start-system.ts"
import { type DashboardWindow, openDashboard, signIn, startChromium } from "./open-dashboard.ts"

const token = "let-me-in"
const patience = { timeout: 20_000 }
const channel = "Tributary News HD"
let system: System
let browser: Browser
let dashboard: DashboardWindow
const watching = new AbortController()

beforeAll(async () => {
  ;[system, browser] = await Promise.all([
    startSystem({ environment: { ADMIN_TOKEN: token } }),
    startChromium(),
  ])
  dashboard = await openDashboard(browser, system.baseUrl)
  await signIn(dashboard, token)
  const { url } = entryNamed(await fetchPlaylist(system.playlistUrl), channel)
  const answer = await fetch(url, { signal: watching.signal })
  // Somebody watches all the while.
  void answer.body?.pipeTo(new WritableStream()).catch(() => undefined)
}, 240_000)
afterAll(async () => {
  watching.abort()
  await browser?.close()
  await system?.close()
})

describe("what runs", () => {
  it("is told in figures and a chart by the overview", async () => {
    const { page } = dashboard
    await dashboard.visit("/", "Overview")
    await page
      .getByText(/Mbit\/s/)
      .first()
      .waitFor(patience)
    await page
      .getByText(/1 \/ \d|1\/\d/)
      .first()
      .waitFor(patience)
    await page.locator("figure svg").first().waitFor(patience)
  })

  it("is listed by the live page, with its viewers and codecs", async () => {
    const { page } = dashboard
    await dashboard.visit("/live", "Live")
    await page.getByRole("heading", { name: channel }).waitFor(patience)
    await page
      .getByText(/h264|H\.264/i)
      .first()
      .waitFor(patience)
    await page.getByRole("button", { name: `Details of ${channel}` }).click()
    await page
      .getByRole("dialog")
      .getByRole("row", { name: /^viewer / })
      .waitFor(patience)
    await page.keyboard.press("Escape")
    await page.getByRole("dialog").waitFor({ state: "detached" })
  })

  it("is stopped there, after a question", async () => {
    const { page } = dashboard
    await page.getByRole("button", { name: `Stop ${channel}` }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Stop", exact: true }).click()
    await page
      .getByRole("heading", { name: channel, exact: true })
      .waitFor({ state: "detached", ...patience })
  })

  it("has left its lines in the logs", async () => {
    const { page } = dashboard
    await dashboard.visit("/logs", "Logs")
    await page
      .getByText(/stream/i)
      .first()
      .waitFor(patience)
    expect(await page.getByRole("main").textContent()).not.toContain(`127.0.0.1:${system.ports.demo}`)
  })
})

describe("a transcode profile", () => {
  it("is tried before it is used: what ffmpeg is given, and how fast it is", async () => {
    const { page } = dashboard
    await dashboard.visit("/transcode-profiles", "Transcode profiles")
    await page.getByRole("button", { name: "Test 480p" }).click()
    await page.getByText(/×/).first().waitFor({ timeout: 60_000 })
    await page
      .getByText(/ffmpeg .*libx264/)
      .first()
      .waitFor()
  }, 90_000)
})

describe("all of it", () => {
  it("raised no complaint of the page", () => {
    expect(dashboard.complaints).toEqual([])
  })
})
