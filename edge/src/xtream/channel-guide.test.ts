import type { GuideProgramme } from "@tributary/shared/catalogue/entry"
import { beforeAll, describe, expect, it } from "vitest"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers } from "../test-support/store.ts"

const hour = 3600
const now = Math.floor(Date.now() / 1000)
const programme = (fromNow: number, title: string): GuideProgramme => ({
  start: now + fromNow * hour,
  stop: now + (fromNow + 1) * hour,
  title,
  description: `About ${title}`,
  language: "de",
})
// Half an hour off, so that nothing begins or ends while the test runs.
const programmes = [-50.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 4.5].map((at) => programme(at, `Täg ${at}`))

beforeAll(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret" },
    { username: "kid", password: "k", groups: ["Kids"] },
  )
  await publishChannels("1", [
    { id: "100000101", name: "News", groups: ["World"], programmes, catchupDays: 2 },
    { id: "100000102", name: "Silent", groups: ["World"] },
    { id: "100000103", name: "Plain", groups: ["Kids"], programmes },
  ])
})

async function listings(query: string, login = "username=ann&password=secret") {
  const response = await ask(`/player_api.php?${login}&${query}`)
  return (await response.json<{ epg_listings: Record<string, unknown>[] }>()).epg_listings
}
const decoded = (text: unknown) =>
  new TextDecoder().decode(Uint8Array.from(atob(String(text)), (char) => char.charCodeAt(0)))
const titles = (rows: Record<string, unknown>[]) => rows.map(({ title }) => decoded(title))

describe("get_short_epg", () => {
  it("says what is on and what comes, four unless asked for more", async () => {
    const four = ["Täg -0.5", "Täg 0.5", "Täg 1.5", "Täg 2.5"]
    expect(titles(await listings("action=get_short_epg&stream_id=100000101"))).toEqual(four)
    expect(titles(await listings("action=get_short_epg&stream_id=100000101&limit=x"))).toEqual(four)
    expect(await listings("action=get_short_epg&stream_id=100000101&limit=1")).toHaveLength(1)
    expect(await listings("action=get_short_epg&stream_id=100000101&limit=100")).toHaveLength(6)
  })

  it("has a panel's words and types", async () => {
    const [row] = await listings("action=get_short_epg&stream_id=100000101")
    const { start, stop } = programmes[3] ?? programme(0, "")
    const panelTime = (seconds: number) =>
      new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")
    expect(row).toMatchObject({
      lang: "de",
      start: panelTime(start),
      end: String(stop),
      stop: panelTime(stop),
      start_timestamp: String(start),
      stop_timestamp: String(stop),
      now_playing: 1,
      has_archive: 0,
    })
    expect(decoded(row?.description)).toBe("About Täg -0.5")
  })
})

describe("get_simple_data_table", () => {
  it("says all, and what can still be seen of it", async () => {
    const rows = await listings("action=get_simple_data_table&stream_id=100000101")
    expect(rows).toHaveLength(programmes.length)
    expect(rows[0]?.end).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(rows.map(({ has_archive }) => has_archive)).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0])
    expect(rows.map(({ now_playing }) => now_playing)).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0])
    const plain = await listings("action=get_simple_data_table&stream_id=100000103")
    expect(new Set(plain.map(({ has_archive }) => has_archive))).toEqual(new Set([0]))
  })
})

describe.each(["get_short_epg", "get_simple_data_table"])("%s is empty", (action) => {
  it.each(["", "&stream_id=", "&stream_id=100000102", "&stream_id=999", "&stream_id=News"])(
    "for %j",
    async (query) => {
      expect(await listings(`action=${action}${query}`)).toEqual([])
    },
  )

  it("outside the viewer's groups", async () => {
    const kid = "username=kid&password=k"
    expect(await listings(`action=${action}&stream_id=100000101`, kid)).toEqual([])
    expect(await listings(`action=${action}&stream_id=100000103`, kid)).not.toEqual([])
  })
})
