import type { Browser } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type { DemoProvider } from "../../local/demo-provider/start-demo-provider.ts"
import { startTestProvider } from "../system/demo.ts"
import { type System, startSystem } from "../system/start-system.ts"
import { type DashboardWindow, openDashboard, phone, signIn, startChromium } from "./open-dashboard.ts"

const token = "let-me-in"
const account = { username: "at-acme", password: "s3cret-pw", maxConnections: 2 }
const patience = { timeout: 30_000 }
let provider: DemoProvider
let system: System
let browser: Browser
let dashboard: DashboardWindow

beforeAll(async () => {
  ;[provider, system, browser] = await Promise.all([
    startTestProvider({ accounts: [account] }),
    startSystem({ environment: { ADMIN_TOKEN: token } }),
    startChromium(),
  ])
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
  await provider?.close()
})
afterEach(() => dashboard?.close())

/** The heading of a step. */
const step = (name: string | RegExp) => dashboard.page.getByRole("heading", { level: 2, name })

async function fillLogin(password: string): Promise<void> {
  const { page } = dashboard
  await page.getByRole("textbox", { name: "Server address" }).fill(provider.url)
  await page.getByRole("textbox", { name: "Username" }).fill(account.username)
  await page.getByLabel(/^Password/).fill(password)
}

describe("the first visit", () => {
  it("leads from the admin token to a picture, through a mistake", { timeout: 120_000 }, async () => {
    dashboard = await openDashboard(browser, system.baseUrl)
    const { page } = dashboard
    await signIn(dashboard, token)
    // Only the demo provider is there.
    await page
      .getByRole("main")
      .getByRole("link", { name: /set.?up|provider/i })
      .first()
      .click()
    await step("Add your provider").waitFor()

    await fillLogin("not the password")
    await page.getByText(/refuses this username or password/i).waitFor(patience)
    await page.getByLabel(/^Password/).fill(account.password)
    await page.getByText(/2 connections/).waitFor(patience)
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Acme")
    await page.getByRole("button", { name: "Add it and import" }).click()

    await step("Import of Acme").waitFor(patience)
    await page.getByText(/^Done: \d+ entries were read/).waitFor(patience)
    await page.getByRole("button", { name: "Go on to the viewer" }).click()

    await step("Who watches?").waitFor()
    await page.getByRole("textbox", { name: "Username" }).fill("living room")
    await page.getByRole("button", { name: "Make the viewer" }).click()

    await step("Addresses for living room").waitFor(patience)
    await page.getByRole("img", { name: "QR code of the playlist address" }).waitFor()
    for (const player of ["VLC", "Kodi", "TiviMate", "IPTV Smarters", "Jellyfin", "Plex"])
      await page.getByRole("tab", { name: new RegExp(player) }).click()
    await page.getByRole("button", { name: "Copy: Playlist" }).click()
    const address = await page.evaluate<string>("navigator.clipboard.readText()")
    const playlist = await fetch(address)
    expect(playlist.status).toBe(200)
    expect(await playlist.text()).toContain("Tributary News HD")
    await page.getByRole("button", { name: "Go on to a picture" }).click()

    await step("A picture").waitFor()
    const video = page.locator("video[data-state=playing]")
    await video.waitFor(patience)
    const width = await page.evaluate<number>("document.querySelector('video').videoWidth")
    expect(width).toBeGreaterThan(0)
    expect(dashboard.complaints).toEqual([])
  })

  it("goes on where it was after a reload, on a phone too", { timeout: 60_000 }, async () => {
    dashboard = await openDashboard(browser, system.baseUrl, phone)
    const { page } = dashboard
    await signIn(dashboard, token)
    await dashboard.visit("/welcome", "Set-up")
    await page.goto("/welcome?step=viewer")
    await step("Who watches?").waitFor()
    await page.reload()
    await step("Who watches?").waitFor()
    expect(await dashboard.overflow()).toBe(0)
    expect(dashboard.complaints).toEqual([])
  })
})
