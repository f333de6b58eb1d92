import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { openDashboard, phone, signIn, startChromium } from "./open-dashboard.ts"

const [baseUrl, token, viewer, folder = "infra/pictures"] = process.argv.slice(2)
if (baseUrl === undefined || token === undefined || viewer === undefined) {
  process.stderr.write("node infra/e2e/dashboard/take-pictures.ts BASE_URL ADMIN_TOKEN VIEWER [FOLDER]\n")
  process.exit(1)
}

const pictures = [
  { name: "overview", path: "/", colorScheme: "light" },
  { name: "live", path: "/live", colorScheme: "dark" },
  { name: "channels", path: "/channels", colorScheme: "light" },
  { name: "sources", path: "/sources", colorScheme: "light" },
  { name: "set-up", path: `/welcome?step=address&source=demo&viewer=${viewer}`, colorScheme: "light" },
  { name: "transcode-profiles", path: "/transcode-profiles", colorScheme: "dark" },
  { name: "phone", path: "/viewers", colorScheme: "dark", ...phone },
] as const

/** Takes the README's pictures of a dashboard that runs somewhere, with whatever is to be seen there. */
const browser = await startChromium()
await mkdir(folder, { recursive: true })
for (const { name, path, ...options } of pictures) {
  const dashboard = await openDashboard(browser, baseUrl, options)
  const { page } = dashboard
  await signIn(dashboard, token)
  await page.goto(path)
  await page.getByRole("heading", { level: 1 }).waitFor()
  // Sparklines and logos come after the page.
  await page.waitForTimeout(name === "live" ? 60_000 : 6_000)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  await dashboard.close()
}
await browser.close()
