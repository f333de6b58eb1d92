import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { GuideRow } from "@tributary/shared/admin-api/epg"
import type { ImportRow } from "@tributary/shared/admin-api/imports"
import type { SettingsAnswer } from "@tributary/shared/admin-api/settings"
import type { AddedViewer, ViewerAddress, ViewerSession } from "@tributary/shared/admin-api/viewers"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { playing } from "./player/playing.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"
import { type System, startSystem } from "./system/start-system.ts"

const news = "Tributary News HD"
const login = { username: "panel-user", password: "s3cret-pw" }
const adminToken = "the-admin-token"
// The streamer's next heartbeat, and a second.
const cutOffMilliseconds = 6_000

let provider: DemoProvider
let system: System
let folder: string

async function api<Body>(path: string, method = "GET", body?: unknown): Promise<Body> {
  const response = await fetch(`${system.baseUrl}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  expect([path, response.ok, text]).toEqual([path, true, text])
  return JSON.parse(text) as Body
}

/** Where a click leads: the address that a player may come back to. */
async function redirected(url: string): Promise<string> {
  const response = await fetch(url, { redirect: "manual" })
  return response.headers.get("location") ?? `${response.status}`
}

/** A viewer that the API made, and the address of a channel in their playlist. */
async function viewer(username: string): Promise<string> {
  const { password = "" } = await api<AddedViewer>("/viewers", "POST", { username })
  const { playlist } = await api<ViewerAddress>(`/viewers/${username}/address`, "POST")
  expect(playlist).toContain(password)
  return entryNamed(await fetchPlaylist(playlist), news).url
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-admin-viewers-"))
  provider = await startTestProvider({ accounts: [{ ...login, maxConnections: 3 }] })
  const config = await writeConfig(folder, {
    sources: [{ id: "acme", type: "xtream", url: provider.url, ...login }],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config, ADMIN_TOKEN: adminToken } })
  await fetchPlaylist(system.playlistUrl)
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

it("ends a session: the player is cut off, its ticket lets nobody in, and a new click plays", async () => {
  const [url, other] = [await viewer("ann"), await viewer("bob")]
  const ticket = await redirected(url)
  const [player, bob] = [await playing(ticket), await playing(other)]
  const [session] = await api<ViewerSession[]>("/viewers/ann/sessions")
  expect(session).toMatchObject({ channelName: news, kind: "live", streamer: expect.any(String) })
  const askedAt = performance.now()
  await api(`/viewers/ann/sessions/${session?.id}`, "DELETE")
  await player.waitFor(({ ended }) => ended !== null, cutOffMilliseconds)
  expect(performance.now() - askedAt).toBeLessThan(cutOffMilliseconds)
  expect((await fetch(ticket)).status).toBe(403)
  await playing(url)
  expect(bob.report().ended).toBeNull()
}, 60_000)

it("cuts off whom it deletes", async () => {
  const url = await viewer("eve")
  const player = await playing(url)
  await api("/viewers/eve", "DELETE")
  await player.waitFor(({ ended }) => ended !== null, cutOffMilliseconds)
  expect((await fetch(url)).status).toBe(401)
}, 60_000)

it("puts the channels in another order as soon as the settings say so", async () => {
  const names = async () => (await fetchPlaylist(`${system.playlistUrl}&type=live`)).map(({ name }) => name)
  const before = await names()
  const { changed } = await api<SettingsAnswer>("/settings", "PATCH", { sortDirection: "desc" })
  expect(changed).toContain("sortDirection")
  await eventually(names, (now) => now[0] === before.at(-1), 30_000)
  await api("/settings", "PATCH", { sortDirection: null })
  await eventually(names, (now) => now[0] === before[0], 30_000)
}, 90_000)

it("imports a guide as soon as it is added", async () => {
  const added = await api<GuideRow>("/epg", "POST", {
    url: `${provider.url}/xmltv.php?username=${login.username}&password=${login.password}`,
  })
  expect(added).toMatchObject({ position: 1, origin: "api" })
  const isDone = ({ kind, source, phase }: ImportRow) =>
    kind === "guide" && source === null && phase === "done"
  await eventually(
    () => api<ImportRow[]>("/imports"),
    (rows) => rows.some(isDone),
    30_000,
  )
  await api(`/epg/${added.id}`, "DELETE")
}, 60_000)
