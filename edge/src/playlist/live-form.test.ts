import { env } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import { edgeOf } from "../edge.ts"
import { ask, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers, setSettings } from "../test-support/store.ts"
import { textOf } from "../test-support/streams.ts"
import { forgetTranscodeProfiles } from "../transcode-profiles.ts"

const ann = "username=ann&password=secret"

beforeAll(async () => {
  await startAfresh()
  forgetTranscodeProfiles(await edgeOf(env))
  await addViewers({ username: "ann", password: "secret" })
  await publishChannels("1", [
    { id: "101", name: "News", groups: ["World"] },
    { id: "201", name: "Movie", kind: "movie", groups: ["World"] },
  ])
})

const links = async (path: string) =>
  (await textOf(await ask(path))).split("\n").filter((line) => /^http/.test(line))
const movie = "https://tv.example/movie/ann/secret/201.mkv"

describe("a playlist of a transcode profile", () => {
  it.each([
    [`/playlist.m3u8?profile=480p&${ann}`, "ts?profile=480p&"],
    [`/World/playlist.m3u8?profile=480p&${ann}`, "ts?profile=480p&"],
    [`/get.php?${ann}&type=m3u_plus&profile=480p`, "ts?profile=480p&"],
    [`/playlist.m3u8?profile=480p&output=m3u8&${ann}`, "m3u8?profile=480p&"],
    [`/playlist.m3u8?profile=adaptive&${ann}`, "m3u8?profile=adaptive&"],
    [`/playlist.m3u8?${ann}`, "ts?"],
  ])("links live channels to it, as what it gives, and movies as ever: %s", async (path, end) => {
    expect(await links(path)).toEqual([`https://tv.example/stream/101.${end}${ann}`, movie])
  })

  it("is one without a login too", async () => {
    await setSettings({ publicPlaylist: true })
    const [first] = await links("/playlist.m3u8?profile=audio")
    await setSettings({})
    expect(first).toBe("https://tv.example/stream/101.ts?profile=audio")
  })

  it("has an ETag of its own", async () => {
    const etag = async (query: string) => (await ask(`/playlist.m3u8?${query}${ann}`)).headers.get("etag")
    expect(await etag("profile=480p&")).not.toBe(await etag("profile=720p&"))
  })

  it.each([
    ["profile=8k", 404, "unknown_profile", 'There is no transcode profile "8k".'],
    ["profile=", 404, "unknown_profile", 'There is no transcode profile "".'],
    ["profile=adaptive&output=ts", 404, "unsupported_output", expect.stringContaining("output=m3u8")],
  ])("is refused for %s", async (query, status, code, message) => {
    const response = await ask(`/playlist.m3u8?${query}&${ann}`)
    expect([response.status, await response.json()]).toEqual([status, { error: { code, message } }])
  })
})
