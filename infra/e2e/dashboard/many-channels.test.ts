import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type System, startSystem } from "../system/start-system.ts"
import { type DashboardWindow, openDashboard, signIn, startChromium } from "./open-dashboard.ts"

const token = "let-me-in"
const channels = 100_000
let lists: Server
let system: System
let browser: Browser
let dashboard: DashboardWindow

beforeAll(async () => {
  const entries = Array.from({ length: channels }, (_, at) => {
    const number = String(at + 1).padStart(6, "0")
    return `#EXTINF:-1 group-title="Group ${at % 50}",Channel ${number}\nhttp://127.0.0.1:9/${number}.ts\n`
  })
  const list = `#EXTM3U\n${entries.join("")}`
  lists = createServer((_request, response) => response.end(list))
  await new Promise<void>((resolve) => lists.listen(0, "127.0.0.1", resolve))
  const { port } = lists.address() as AddressInfo
  ;[system, browser] = await Promise.all([
    startSystem({
      environment: { ADMIN_TOKEN: token, SOURCES: `http://127.0.0.1:${port}/list.m3u|2` },
    }),
    startChromium(),
  ])
  dashboard = await openDashboard(browser, system.baseUrl)
  await signIn(dashboard, token)
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
  lists?.close()
})

const rows = () => dashboard.page.locator("tbody tr[aria-rowindex]")
const rowOf = (name: string) => dashboard.page.getByRole("row").filter({ hasText: name })

describe("the table of a hundred thousand channels", () => {
  it("says how many there are, and draws those in sight only", async () => {
    await dashboard.visit("/channels", "Channels")
    await rowOf("Channel 000001").waitFor()
    expect(await dashboard.page.locator("table[aria-rowcount]").getAttribute("aria-rowcount")).toBe(
      String(channels + 1),
    )
    expect(await rows().count()).toBeLessThan(100)
  })

  it("is scrolled to its end and back by the keyboard", async () => {
    const { page } = dashboard
    await page.getByRole("button", { name: "Channel 000001", exact: true }).focus()
    await page.keyboard.press("End")
    await rowOf("Channel 100000").waitFor()
    await page.keyboard.press("Home")
    await rowOf("Channel 000001").waitFor()
  })

  it("finds one by its name, and keeps the search over a reload", async () => {
    const { page } = dashboard
    await page.getByRole("searchbox", { name: "Search" }).fill("channel 054321")
    await rowOf("Channel 054321").waitFor()
    await rowOf("Channel 000001").waitFor({ state: "detached" })
    await page.reload()
    await rowOf("Channel 054321").waitFor()
    expect(await page.getByRole("searchbox", { name: "Search" }).inputValue()).toBe("channel 054321")
    await page.getByRole("searchbox", { name: "Search" }).fill("nothing like it")
    await page
      .getByText(/nothing/i)
      .first()
      .waitFor()
  })

  it("raises no complaint of the page", () => {
    expect(dashboard.complaints).toEqual([])
  })
})
