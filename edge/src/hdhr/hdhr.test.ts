import { beforeAll, describe, expect, it } from "vitest"
import { ask, errorCode, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers, setSettings } from "../test-support/store.ts"

beforeAll(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret", maxStreams: 3 },
    { username: "kid", password: "k", groups: ["Kids", "World"] },
    { username: "nobody", password: "n", groups: [] },
    { username: "off", password: "o", enabled: false },
    { username: "a&<b>/c?", password: "ü:d" },
  )
  await publishChannels("1", [
    { id: "101", name: 'News "24"', groups: ["World"] },
    { id: "102", name: "Cartoons", groups: ["Kids", "World"] },
    { id: "201", name: "Movie", kind: "movie", groups: ["World"] },
  ])
})

const json = async <T = Record<string, unknown>>(path: string) => (await ask(`/hdhr/${path}`)).json<T>()
const lineup = (login: string) => json<Record<string, string>[]>(`${login}/lineup.json`)

describe("a viewer's tuner", () => {
  it("is discovered with the viewer's limit and with addresses that lead back here", async () => {
    const found = await json("ann/secret/discover.json")
    expect(found).toMatchObject({
      TunerCount: 3,
      BaseURL: "https://tv.example/hdhr/ann/secret",
      LineupURL: "https://tv.example/hdhr/ann/secret/lineup.json",
      DeviceID: expect.stringMatching(/^10[0-9A-F]{6}$/),
    })
    expect(await json("ann/secret/discover.json")).toEqual(found)
    const other = await json("kid/k/discover.json")
    expect(other.DeviceID).not.toBe(found.DeviceID)
    expect(other.TunerCount).toBeGreaterThan(3)
  })

  it("lists live channels, each once, with addresses of MPEG-TS", async () => {
    const rows = [
      { GuideNumber: "101", GuideName: 'News "24"', URL: "https://tv.example/live/ann/secret/101.ts" },
      { GuideNumber: "102", GuideName: "Cartoons", URL: "https://tv.example/live/ann/secret/102.ts" },
    ]
    expect(await lineup("ann/secret")).toEqual(rows)
    const kid = await lineup("kid/k")
    expect(kid.map(({ GuideNumber }) => GuideNumber)).toEqual(["102", "101"])
    expect(await lineup("nobody/n")).toEqual([])
  })

  it("has nothing to scan for, and lets it be asked for", async () => {
    expect(await json("ann/secret/lineup_status.json")).toMatchObject({ ScanInProgress: 0 })
    const scan = await ask("/hdhr/ann/secret/lineup.post?scan=start", { method: "POST" })
    expect(scan.status).toBe(200)
  })

  it("describes itself in XML, whatever the login", async () => {
    const path = `${encodeURIComponent("a&<b>/c?")}/${encodeURIComponent("ü:d")}`
    const response = await ask(`/hdhr/${path}/device.xml`)
    const text = await response.text()
    expect(response.headers.get("content-type")).toBe("application/xml; charset=utf-8")
    expect(text).toContain(`<URLBase>https://tv.example/hdhr/${path}</URLBase>`)
    expect(text).toContain("<friendlyName>Tributary a&amp;&lt;b&gt;/c?</friendlyName>")
    const { DeviceID } = await json(`${path}/discover.json`)
    expect(text).toContain(`<serialNumber>${DeviceID}</serialNumber>`)
    const [first] = await lineup(path)
    expect(first?.URL).toBe(`https://tv.example/live/${path}/101.ts`)
  })

  it("answers HEAD like GET", async () => {
    for (const file of ["discover.json", "lineup.json", "lineup_status.json", "device.xml"]) {
      const [head, get] = await Promise.all(
        ["HEAD", "GET"].map((method) => ask(`/hdhr/ann/secret/${file}`, { method })),
      )
      expect(head?.status).toBe(200)
      expect(head?.headers.get("content-type")).toBe(get?.headers.get("content-type"))
      expect(await head?.text()).toBe("")
    }
  })

  it.each(["discover.json", "lineup.json", "lineup_status.json", "device.xml"])(
    "is nobody else's: %s",
    async (file) => {
      const wrong = await ask(`/hdhr/ann/wrong/${file}`)
      expect([wrong.status, await errorCode(wrong)]).toEqual([401, "unauthorized"])
      const off = await ask(`/hdhr/off/o/${file}`)
      expect([off.status, await errorCode(off)]).toEqual([403, "forbidden"])
    },
  )

  it("needs no login for a public playlist", async () => {
    await setSettings({ publicPlaylist: true })
    const [first] = await lineup("any/body")
    await setSettings({})
    expect(first?.URL).toBe("https://tv.example/stream/101.ts")
  })

  it("is empty before the first import", async () => {
    await startAfresh()
    await addViewers({ username: "ann", password: "secret" })
    expect(await lineup("ann/secret")).toEqual([])
  })
})
