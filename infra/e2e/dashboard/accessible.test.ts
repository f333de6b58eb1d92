import { dashboardPages } from "@tributary/shared/admin-api/pages"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { eventually } from "../system/eventually.ts"
import { type System, startSystem } from "../system/start-system.ts"
import { openDashboard, phone, signIn, startChromium } from "./open-dashboard.ts"

const token = "let-me-in"
let system: System
let browser: Browser

beforeAll(async () => {
  ;[system, browser] = await Promise.all([
    startSystem({ environment: { ADMIN_TOKEN: token } }),
    startChromium(),
  ])
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

describe.concurrent.each([
  ["a desk, in light", { colorScheme: "light" }],
  ["a desk, in the dark", { colorScheme: "dark" }],
  ["a phone", { ...phone, colorScheme: "dark" }],
] as const)("on %s", (_, options) => {
  it("no page has a barrier that axe calls serious, or is wider than its window", {
    timeout: 120_000,
  }, async () => {
    const dashboard = await openDashboard(browser, system.baseUrl, options)
    const { page } = dashboard
    await page.goto("/")
    await page.getByLabel("Admin token").waitFor()
    expect({ path: "sign-in", barriers: await dashboard.barriers() }).toEqual({
      path: "sign-in",
      barriers: [],
    })
    await signIn(dashboard, token)
    // Who goes by the keyboard can leave the navigation out.
    await dashboard.visit("/imports", "Imports")
    await page.keyboard.press("Tab")
    expect(await page.evaluate("document.activeElement.textContent")).toBe("To the content")
    await page.keyboard.press("Enter")
    expect(await page.evaluate("document.activeElement.id")).toBe("main")
    for (const path of dashboardPages) {
      await page.goto(path)
      await page.getByRole("heading", { level: 1 }).waitFor()
      await eventually(
        () => page.locator("main [aria-label^=Loading]").count(),
        (loading) => loading === 0,
        10_000,
      )
      const found = { path, barriers: await dashboard.barriers(), overflow: await dashboard.overflow() }
      expect(found).toEqual({ path, barriers: [], overflow: 0 })
    }
    expect(dashboard.complaints).toEqual([])
    await dashboard.close()
  })
})
