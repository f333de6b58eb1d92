import type { Browser } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type System, startSystem } from "../system/start-system.ts"
import { type DashboardWindow, openDashboard, signIn, startChromium } from "./open-dashboard.ts"

const token = "let-me-in"
let system: System
let browser: Browser
let dashboard: DashboardWindow

beforeAll(async () => {
  ;[system, browser] = await Promise.all([
    startSystem({ environment: { ADMIN_TOKEN: token } }),
    startChromium(),
  ])
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
})
beforeEach(async () => {
  dashboard = await openDashboard(browser, system.baseUrl)
})
afterEach(() => dashboard?.close())

describe("the way in", () => {
  it("is the admin token, which no script of the page can read afterwards", async () => {
    const { page } = dashboard
    await page.goto("/sources")
    await page.getByLabel("Admin token").fill("not the token")
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByText("This is not the admin token.").waitFor()
    // What was typed is still there, to be mended.
    expect(await page.getByLabel("Admin token").inputValue()).toBe("not the token")
    await page.getByLabel("Admin token").fill(token)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByRole("heading", { level: 1, name: "Sources" }).waitFor()
    expect(await page.evaluate("document.cookie")).toBe("")
    expect(await page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")).not.toContain(token)
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" })
    expect(dashboard.complaints).toEqual([])
  })

  it("stays open over a reload, until one signs out", async () => {
    const { page } = dashboard
    await signIn(dashboard, token)
    await page.reload()
    await page.getByRole("button", { name: "Sign out" }).click()
    await page.getByLabel("Admin token").waitFor()
    await page.reload()
    await page.getByLabel("Admin token").waitFor()
  })

  it("is asked for again when the session has ended meanwhile, and what was typed is still there", async () => {
    const { page } = dashboard
    await signIn(dashboard, token)
    await dashboard.visit("/viewers", "Viewers")
    await page.getByRole("button", { name: /add a viewer/i }).click()
    await page.getByRole("textbox", { name: "Username" }).fill("typed before")
    await page.context().clearCookies()
    await page.getByRole("button", { name: "Add the viewer" }).click()
    await page.getByLabel("Admin token").fill(token)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByLabel("Admin token").waitFor({ state: "detached" })
    expect(await page.getByRole("textbox", { name: "Username" }).inputValue()).toBe("typed before")
    await page.getByRole("button", { name: "Add the viewer" }).click()
    await page.getByText("typed before").first().waitFor()
  })
})

describe("the page's policy", () => {
  it("lets no script of another place run, nor one that stands in the page", async () => {
    const { page } = dashboard
    await signIn(dashboard, token)
    const ran = await page.evaluate(`(async () => {
      const script = document.createElement("script")
      script.textContent = "globalThis.injected = true"
      document.body.append(script)
      await new Promise((resolve) => requestAnimationFrame(resolve))
      return "injected" in globalThis
    })()`)
    expect(ran).toBe(false)
    expect(dashboard.complaints.join()).toMatch(/script-src/)
  })

  it("is sent with every page, whose scripts come to at most 300 KB before a page is chosen", async () => {
    const response = await fetch(`${system.baseUrl}/channels`)
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self'")
    const html = await response.text()
    const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path)
    expect(scripts.length).toBeGreaterThan(0)
    let bytes = 0
    for (const path of scripts) {
      const script = await fetch(`${system.baseUrl}${path}`)
      expect(script.headers.get("cache-control")).toContain("immutable")
      const packed = new Response(script.body?.pipeThrough(new CompressionStream("gzip")))
      bytes += (await packed.arrayBuffer()).byteLength
    }
    expect(bytes).toBeLessThan(300 * 1024)
  })
})
