import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { eventually } from "../system/eventually.ts"
import { type System, startSystem } from "../system/start-system.ts"
import { type DashboardWindow, openDashboard, signIn, startChromium } from "./open-dashboard.ts"

const token = "let-me-in"
const patience = { timeout: 15_000 }
let system: System
let browser: Browser
let dashboard: DashboardWindow

beforeAll(async () => {
  ;[system, browser] = await Promise.all([
    startSystem({ environment: { ADMIN_TOKEN: token } }),
    startChromium(),
  ])
  dashboard = await openDashboard(browser, system.baseUrl)
  await signIn(dashboard, token)
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

const ask = async (path: string) => {
  const response = await fetch(`${system.baseUrl}/api${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return response.json()
}
const playlist = async () => (await fetch(system.playlistUrl)).text()
const press = (name: string | RegExp) => dashboard.page.getByRole("button", { name }).click()

describe("the channels page", () => {
  it("renames a channel, beside whose name a mistake is told first", async () => {
    const { page } = dashboard
    await dashboard.visit("/channels", "Channels")
    await press("Tributary News HD")
    const drawer = page.getByRole("dialog")
    await drawer.getByRole("textbox", { name: "Name" }).fill("")
    await drawer.getByRole("button", { name: "Save" }).click()
    await drawer.getByText("must not be empty").waitFor()
    await drawer.getByRole("textbox", { name: "Name" }).fill("Evening News")
    await drawer.getByRole("button", { name: "Save" }).click()
    await eventually(playlist, (text) => text.includes(",Evening News\n"), 15_000)
  })

  it("plays one", async () => {
    const { page } = dashboard
    await page.getByRole("dialog").getByRole("button", { name: /play/i }).first().click()
    await page.locator("video[data-state=playing]").waitFor(patience)
    await page.keyboard.press("Escape")
    await page.getByRole("dialog").waitFor({ state: "detached" })
  })
})

describe("the sources page", () => {
  it("adds a profile, whose account is one more in the pool", async () => {
    const { page } = dashboard
    await dashboard.visit("/sources", "Sources")
    await press(/add (?:a )?profile/i)
    const drawer = page.getByRole("dialog")
    await drawer.getByRole("textbox", { name: "Name", exact: true }).fill("Second account")
    await drawer.getByRole("textbox", { name: "Username" }).fill("demo2")
    await drawer.getByLabel(/^Password/).fill("demo2")
    await drawer.getByRole("button", { name: /^(?:add|save)/i }).click()
    await page.getByText("Second account").first().waitFor(patience)
    const profiles = (await ask("/sources/demo/profiles")) as { name: string; username: string }[]
    expect(profiles.map(({ name }) => name)).toContain("Second account")
    // The login is in no answer of the API.
    expect(JSON.stringify(profiles)).not.toContain("demo2")
  })
})

describe("the viewers page", () => {
  it("makes a viewer, whose password is shown this once", async () => {
    const { page } = dashboard
    await dashboard.visit("/viewers", "Viewers")
    await press(/add a viewer/i)
    const drawer = page.getByRole("dialog")
    await drawer.getByRole("textbox", { name: "Username" }).fill("ann")
    await drawer.getByRole("button", { name: /^(?:add|save)/i }).click()
    await page.getByRole("button", { name: /Copy: Password/ }).waitFor(patience)
    const [ann] = ((await ask("/viewers")) as { username: string }[]).filter(
      ({ username }) => username === "ann",
    )
    expect(ann).toMatchObject({ username: "ann", enabled: true, sessions: 0 })
    expect(JSON.stringify(ann)).not.toContain("password")
  })
})

describe("the imports page", () => {
  it("has a source read again at once", async () => {
    const before = ((await ask("/imports")) as { id: string; startedAt: number }[]).find(
      ({ id }) => id === "demo",
    )
    await dashboard.visit("/imports", "Imports")
    await press("Run now: Source demo")
    await eventually(
      async () => (await ask("/imports")) as { id: string; startedAt: number; phase: string }[],
      (jobs) =>
        jobs.some(
          ({ id, startedAt, phase }) =>
            id === "demo" && startedAt > (before?.startedAt ?? 0) && phase === "done",
        ),
      15_000,
    )
  })
})

describe("the settings page", () => {
  it("tells a mistake beside its field, keeps what was in force, and saves what is right", async () => {
    const { page } = dashboard
    await dashboard.visit("/settings", "Settings")
    const grace = page.getByRole("textbox", { name: /POOL_GRACE|after its last viewer|grace/i }).first()
    await grace.fill("soon")
    await press(/^save/i)
    await page.getByText('"soon" is not a duration such as 30m, 5s or 12h').waitFor()
    expect(await grace.inputValue()).toBe("soon")
    expect(((await ask("/settings")) as { settings: { poolGrace: string } }).settings.poolGrace).toBe("10s")
    await grace.fill("12s")
    await press(/^save/i)
    await eventually(
      async () => ((await ask("/settings")) as { settings: { poolGrace: string } }).settings.poolGrace,
      (value) => value === "12s",
      5_000,
    )
  })
})

describe("the changes page", () => {
  it("lists what was done here, without secrets", async () => {
    const { page } = dashboard
    await dashboard.visit("/changes", "Changes")
    await page.getByText("/sources/demo/profiles").first().waitFor()
    await page.getByText('{"poolGrace":"12s"}').first().waitFor()
    expect(await page.content()).not.toContain("demo2")
  })
})

describe("all of it", () => {
  it("raised no complaint of the page", () => {
    expect(dashboard.complaints).toEqual([])
  })
})
