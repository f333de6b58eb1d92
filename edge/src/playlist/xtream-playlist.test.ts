// biome-ignore-all lint/suspicious/noTemplateCurlyInString: players replace these.
import { beforeAll, describe, expect, it } from "vitest"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers, setSettings } from "../test-support/store.ts"
import { textOf } from "../test-support/streams.ts"

const ann = "username=ann&password=secret"

beforeAll(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret" },
    { username: "kid", password: "k", groups: ["Kids", "World"] },
    { username: "a{b}$c/d", password: "é" },
  )
  await publishChannels("1", [
    { id: "101", name: "News", groups: ["World"], ownLogo: true, catchupDays: 3, programmes: [] },
    { id: "102", name: "Cartoons, and more", groups: ["Kids", "World"] },
    { id: "201", name: "Movie", kind: "movie", groups: ["Kids"] },
  ])
})

const playlist = async (path: string) => textOf(await ask(path))

describe("get.php", () => {
  it("gives names and addresses alone as type=m3u, each entry once", async () => {
    const entries =
      `#EXTINF:-1,News\nhttps://tv.example/stream/101.ts?${ann}\n` +
      `#EXTINF:-1,Cartoons, and more\nhttps://tv.example/stream/102.ts?${ann}\n` +
      "#EXTINF:-1,Movie\nhttps://tv.example/movie/ann/secret/201.mkv\n"
    expect(await playlist(`/get.php?${ann}&type=m3u&output=ts`)).toBe(`#EXTM3U\n${entries}`)
    const kids = await playlist("/get.php?username=kid&password=k&type=m3u")
    expect(kids.match(/^#EXTINF.*/gm)).toEqual([
      "#EXTINF:-1,Cartoons, and more",
      "#EXTINF:-1,News",
      "#EXTINF:-1,Movie",
    ])
  })

  it.each(["m3u_plus", "M3U_PLUS", "", "simple"])("has all attributes as type=%s", async (type) => {
    expect(await playlist(`/get.php?${ann}&type=${type}&output=ts`)).toBe(await playlist(`/get.php?${ann}`))
    expect(await playlist(`/get.php?${ann}&type=${type}`)).toContain('tvg-id="101"')
  })

  it.each([
    ["ts", "ts"],
    ["mpegts", "ts"],
    ["m3u8", "m3u8"],
    ["hls", "m3u8"],
    ["rtmp", "ts"],
    ["", "ts"],
  ])("takes output=%s as .%s", async (output, extension) => {
    const text = await playlist(`/get.php?${ann}&type=m3u_plus&output=${output}`)
    expect(text).toContain(`https://tv.example/stream/101.${extension}?${ann}\n`)
  })
})

describe("what players are told of live entries", () => {
  it("is the type of MPEG-TS, which Kodi would open them for; HLS it knows", async () => {
    const property = /^#KODIPROP:.*\nhttps:\/\/tv\.example\/(.*?)\?/gm
    const told = async (query: string) =>
      [...(await playlist(`/playlist.m3u8?${ann}${query}`)).matchAll(property)].map(([, path]) => path)
    expect(await told("")).toEqual(["stream/101.ts", "stream/102.ts"])
    expect(await told("&output=m3u8")).toEqual([])
    expect(await playlist(`/playlist.m3u8?${ann}`)).not.toContain(
      "KODIPROP:mimetype=video/mp2t\nhttps://tv.example/movie",
    )
  })

  it("is where their past is, in Xtream's form with the viewer's login", async () => {
    const text = await playlist(`/playlist.m3u8?${ann}`)
    expect(text.match(/catchup-source="[^"]*"/g)).toEqual([
      'catchup-source="https://tv.example/timeshift/ann/secret/{duration:60}/${start}/101.ts"',
    ])
    const [username, password] = ["a{b}$c/d", "é"]
    const special = await playlist(`/playlist.m3u8?${new URLSearchParams({ username, password })}`)
    expect(special).toContain("/timeshift/a%7Bb%7D%24c%2Fd/%C3%A9/{duration:60}/${start}/101.ts")
  })

  it("is where their past is in a public playlist, which has no login", async () => {
    await setSettings({ publicPlaylist: true })
    const text = await playlist("/playlist.m3u8")
    await setSettings({})
    expect(text).toContain(
      'catchup-source="https://tv.example/streaming/timeshift.php?stream=101&start=${start}&duration={duration:60}"',
    )
  })
})
