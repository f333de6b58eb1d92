import { AxeBuilder } from "@axe-core/playwright"
import { type Browser, chromium, type Page } from "playwright-core"

/** What somebody who opens the dashboard has before them. */
export interface DashboardWindow {
  page: Page
  /** What the page complained of so far: errors of scripts, and what its policy refused (CSP). */
  complaints: string[]
  /** Goes to a page; resolves when its heading is there. */
  visit: (path: string, heading: string) => Promise<void>
  /** What axe finds wrong and calls serious or critical, one line each. */
  barriers: () => Promise<string[]>
  /** Pixels that the page is wider than its window. */
  overflow: () => Promise<number>
  close: () => Promise<void>
}

export interface WindowOptions {
  width?: number
  height?: number
  colorScheme?: "light" | "dark"
}

/** A phone's window, in CSS pixels. */
export const phone = { width: 390, height: 844 } as const

export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
  })

/** A window of its own, not signed in. */
export async function openDashboard(
  browser: Browser,
  baseUrl: string,
  { width = 1280, height = 800, colorScheme = "light" }: WindowOptions = {},
): Promise<DashboardWindow> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, baseURL: baseUrl })
  await context.grantPermissions(["clipboard-read", "clipboard-write"])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on("pageerror", (error) => complaints.push(error.message))
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Warning:/.test(message.text())) complaints.push(message.text())
  })
  return {
    page,
    complaints,
    visit: async (path, heading) => {
      await page.goto(path)
      await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor()
    },
    barriers: async () => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map(({ html, target }) => `${id} at ${target.join(" ")}: ${html}`))
    },
    overflow: () =>
      page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
    close: () => context.close(),
  }
}

/** As the admin does, by the form. */
export async function signIn({ page }: DashboardWindow, token: string): Promise<void> {
  await page.goto("/")
  await page.getByLabel("Admin token").fill(token)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByRole("button", { name: "Sign out" }).waitFor()
}
