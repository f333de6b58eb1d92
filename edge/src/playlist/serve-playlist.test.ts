import { beforeAll, describe, expect, it } from "vitest"
import type { TestChannel } from "../test-support/catalogue.ts"
import { ask, basic, errorCode, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers, setSettings } from "../test-support/store.ts"
import { textOf } from "../test-support/streams.ts"

const ann = "username=ann&password=secret"

beforeAll(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret" },
    { username: "kid", password: "k", groups: ["Kids", "Räder & Co/2", "Gone"] },
    { username: "nobody", password: "n", groups: [] },
    { username: "off", password: "o", enabled: false },
    { username: "late", password: "l", expiresAt: "2020-01-01T00:00:00Z" },
    { username: "a&b=c%+ü:", password: "&=%+ü: /?#" },
  )
  await publishChannels("1", channels)
})

const channels = [
  { id: "101", name: "News", groups: ["World"], ownLogo: true },
  { id: "102", name: "Cartoons", groups: ["Kids"] },
  { id: "103", name: "Cars", groups: ["Kids", "Räder & Co/2"] },
]

const mpegTs = "#KODIPROP:mimetype=video/mp2t\n"
const lines = async (response: Response) => (await textOf(response)).split("\n")
const addresses = async (response: Response) => (await lines(response)).filter((line) => /^http/.test(line))

describe("who may have the playlist", () => {
  it.each([
    ["nobody", "/playlist.m3u8", {}],
    ["a wrong password", "/playlist.m3u8?username=ann&password=wrong", {}],
    ["another case of the password", "/playlist.m3u8?username=ann&password=Secret", {}],
    ["an unknown viewer", "/playlist.m3u8?username=eve&password=secret", {}],
    ["a name without a password", "/playlist.m3u8?username=ann", {}],
    ["a wrong password by Basic", "/playlist.m3u8", basic("ann", "wrong")],
    ["a group's playlist for nobody", "/World/playlist.m3u8", {}],
    ["a group that is not there, for nobody", "/Nothing/playlist.m3u8", {}],
  ])("refuses %s with 401", async (_, path, headers) => {
    const response = await ask(path, { headers })
    expect(response.status).toBe(401)
    expect(await errorCode(response)).toBe("unauthorized")
  })

  it.each([
    ["disabled", "username=off&password=o"],
    ["expired", "username=late&password=l"],
  ])("refuses a viewer that is %s with 403, who knows the password", async (_, login) => {
    const response = await ask(`/playlist.m3u8?${login}`)
    expect(response.status).toBe(403)
    expect(await errorCode(response)).toBe("forbidden")
  })

  it("does not tell without the password that a viewer is disabled", async () => {
    expect((await ask("/playlist.m3u8?username=off&password=wrong")).status).toBe(401)
  })
})

describe("the playlist", () => {
  it("holds every channel, with the viewer's own login in every link and logos through us", async () => {
    const response = await ask(`/playlist.m3u8?${ann}`)
    expect(response.status).toBe(200)
    expect(response.headers.get("content-type")).toBe("audio/x-mpegurl")
    expect(await textOf(response)).toBe(
      "#EXTM3U\n" +
        `#EXTINF:-1 tvg-id="101" tvg-logo="https://tv.example/logo/101",News\n${mpegTs}` +
        `https://tv.example/stream/101.ts?${ann}\n` +
        `#EXTINF:-1 tvg-id="102",Cartoons\n${mpegTs}https://tv.example/stream/102.ts?${ann}\n` +
        `#EXTINF:-1 tvg-id="103",Cars\n${mpegTs}https://tv.example/stream/103.ts?${ann}\n`,
    )
  })

  it("is the same for Basic credentials", async () => {
    const byQuery = await ask(`/playlist.m3u8?${ann}`)
    const byBasic = await ask("/playlist.m3u8", { headers: basic("ann", "secret") })
    expect(await textOf(byBasic)).toBe(await textOf(byQuery))
  })

  it("encodes a login of special characters so that every link gives it back", async () => {
    const [username, password] = ["a&b=c%+ü:", "&=%+ü: /?#"]
    const login = new URLSearchParams({ username, password })
    const links = await addresses(await ask(`/playlist.m3u8?${login}`))
    expect(links).toHaveLength(3)
    for (const link of links) {
      const url = new URL(link)
      expect(url.pathname).toMatch(/^\/stream\/10[123]\.ts$/)
      expect([...url.searchParams]).toEqual([
        ["username", username],
        ["password", password],
      ])
    }
    expect(
      (await ask(links[0]?.replace("https://tv.example/stream/101.ts", "/playlist.m3u8") ?? "")).status,
    ).toBe(200)
  })

  it("links to HLS on request, and names what else may be asked for", async () => {
    const [first] = await addresses(await ask(`/playlist.m3u8?${ann}&output=m3u8`))
    expect(first).toBe(`https://tv.example/stream/101.m3u8?${ann}`)
    const bad = await ask(`/playlist.m3u8?${ann}&output=rtmp`)
    expect(bad.status).toBe(400)
    expect(await errorCode(bad)).toBe("bad_request")
  })
})

describe("movies and series", () => {
  const all = [
    { id: "201", name: "Movie", kind: "movie", groups: ["Kids"] },
    { id: "301", name: "Series", kind: "series", groups: ["Kids"] },
    { id: "101", name: "News", groups: ["World"] },
    { id: "401", name: "Episode", kind: "episode", groups: ["Shows"] },
    { id: "202", name: "Film", kind: "movie", groups: ["Films", "Kids"] },
    { id: "102", name: "Cartoons", groups: ["Kids"] },
  ] as const satisfies TestChannel[]
  beforeAll(async () => {
    await publishChannels(
      "2",
      all.map((channel) => ({ ...channel, groups: [...channel.groups] })),
    )
    return () => publishChannels("3", channels)
  })
  const ids = async (path: string) =>
    (await addresses(await ask(path))).map((address) => /\/(\d+)\./.exec(address)?.[1])

  it("come after live channels, movies before episodes; titles of series have no address", async () => {
    expect(await addresses(await ask(`/playlist.m3u8?${ann}`))).toEqual([
      `https://tv.example/stream/101.ts?${ann}`,
      `https://tv.example/stream/102.ts?${ann}`,
      "https://tv.example/movie/ann/secret/201.mkv",
      "https://tv.example/movie/ann/secret/202.mkv",
      "https://tv.example/series/ann/secret/401.mp4",
    ])
  })

  it.each([
    ["live", ["101", "102"]],
    ["movie", ["201", "202"]],
    ["series", ["401"]],
  ])("are asked for by type: %s", async (type, expected) => {
    expect(await ids(`/playlist.m3u8?${ann}&type=${type}`)).toEqual(expected)
  })

  it.each(["episode", "m3u_plus", "constructor", ""])("of no other type: %j", async (type) => {
    const response = await ask(`/playlist.m3u8?${ann}&type=${type}`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain("live")
  })

  it("are all in Xtream's playlist, whose type is a dialect", async () => {
    expect(await ids(`/get.php?${ann}&type=m3u_plus&output=ts`)).toEqual(["101", "102", "201", "202", "401"])
  })

  it.each([
    ["/kids/playlist.m3u8?", ["102", "201", "202"]],
    ["/Films/playlist.m3u8?", ["202"]],
    ["/shows/playlist.m3u8?", ["401"]],
    ["/Kids/playlist.m3u8?type=live&", ["102"]],
    ["/Films/playlist.m3u8?type=live&", []],
  ])("are in their groups' playlists: %s", async (path, expected) => {
    expect(await ids(`${path}${ann}`)).toEqual(expected)
  })

  it("show a viewer their own groups, each entry once, in the order of the sections", async () => {
    await addViewers({ username: "two", password: "t", groups: ["Films", "Kids"] })
    expect(await ids("/playlist.m3u8?username=two&password=t")).toEqual(["102", "202", "201"])
  })

  it("put a login of special characters into paths so that it comes back", async () => {
    const [username, password] = ["a&b=c%+ü:", "&=%+ü: /?#"]
    const login = new URLSearchParams({ username, password })
    const [movie = ""] = await addresses(await ask(`/playlist.m3u8?${login}&type=movie`))
    const [, kind, ...parts] = new URL(movie).pathname.split("/")
    expect([kind, ...parts.map(decodeURIComponent)]).toEqual(["movie", username, password, "201.mkv"])
  })

  it("have the plain form in a public playlist", async () => {
    await setSettings({ publicPlaylist: true })
    const links = await addresses(await ask("/playlist.m3u8"))
    await setSettings({})
    expect(links.slice(2)).toEqual([
      "https://tv.example/stream/201.mkv",
      "https://tv.example/stream/202.mkv",
      "https://tv.example/stream/401.mp4",
    ])
  })
})

describe("the first line", () => {
  const programmes = [{ start: 1, stop: 2, title: "Show", description: "", language: "" }]
  beforeAll(async () => {
    await publishChannels("4", [{ id: "101", name: "News", groups: ["World"], programmes }])
    return () => publishChannels("5", channels)
  })
  const firstLine = async (path: string) => (await lines(await ask(path)))[0]

  it("names the viewer's guide by both names of the attribute", async () => {
    const guide = `https://tv.example/xmltv.php?${ann}`
    expect(await firstLine(`/playlist.m3u8?${ann}`)).toBe(`#EXTM3U x-tvg-url="${guide}" url-tvg="${guide}"`)
    expect((await ask(guide.replace("https://tv.example", ""))).status).toBe(200)
  })

  it("names the public guide where nobody logged in", async () => {
    await setSettings({ publicPlaylist: true })
    const line = await firstLine("/playlist.m3u8")
    await setSettings({})
    expect(line).toContain('x-tvg-url="https://tv.example/guide.xml"')
  })

  it("cannot be broken by a login", async () => {
    await addViewers({ username: 'q"uote', password: 'p"w' })
    const login = new URLSearchParams({ username: 'q"uote', password: 'p"w' })
    expect((await firstLine(`/playlist.m3u8?${login}`))?.split('"')).toHaveLength(5)
  })
})

describe("groups", () => {
  it.each([
    ["name", "Kids"],
    ["slug", "kids"],
    ["URL-encoded name", encodeURIComponent("Räder & Co/2")],
    ["slug of a name in other letters", "rader-co-2"],
  ])("finds one by %s", async (_, group) => {
    const links = await addresses(await ask(`/${group}/playlist.m3u8?${ann}`))
    expect(links.at(-1)).toBe(`https://tv.example/stream/103.ts?${ann}`)
  })

  it("answers an unknown one with 404", async () => {
    const response = await ask(`/Nothing/playlist.m3u8?${ann}`)
    expect(response.status).toBe(404)
    expect(await errorCode(response)).toBe("unknown_group")
  })

  it("shows a viewer their own only, each channel once", async () => {
    const kid = "username=kid&password=k"
    expect(await addresses(await ask(`/playlist.m3u8?${kid}`))).toEqual([
      `https://tv.example/stream/102.ts?${kid}`,
      `https://tv.example/stream/103.ts?${kid}`,
    ])
    expect((await ask(`/kids/playlist.m3u8?${kid}`)).status).toBe(200)
    const forbidden = await ask(`/World/playlist.m3u8?${kid}`)
    expect(forbidden.status).toBe(403)
    expect(await forbidden.text()).not.toContain("provider")
  })

  it("shows a viewer of no group an empty playlist", async () => {
    expect(await textOf(await ask("/playlist.m3u8?username=nobody&password=n"))).toBe("#EXTM3U\n")
  })
})

describe("a public playlist", () => {
  beforeAll(async () => {
    await setSettings({ publicPlaylist: true })
    return () => setSettings({})
  })

  it("needs no login, and puts none into links", async () => {
    const [first] = await addresses(await ask("/playlist.m3u8"))
    expect(first).toBe("https://tv.example/stream/101.ts")
  })

  it("still gives viewers their own links and groups", async () => {
    const links = await addresses(await ask("/playlist.m3u8?username=kid&password=k"))
    expect(links).toHaveLength(2)
    expect(links[0]).toBe("https://tv.example/stream/102.ts?username=kid&password=k")
  })

  it("puts no wrong password into links", async () => {
    const [first] = await addresses(await ask("/playlist.m3u8?username=ann&password=wrong"))
    expect(first).toBe("https://tv.example/stream/101.ts")
  })
})
