import { beforeAll, describe, expect, it } from "vitest"
import { ask, errorCode, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addSources, addViewers, registerStreamer } from "../test-support/store.ts"

const ann = "username=ann&password=secret"

beforeAll(async () => {
  await startAfresh()
  await addViewers({ username: "ann", password: "secret" })
  const login = { username: "provider-login", password: "provider-secret" }
  await addSources({
    id: "acme",
    type: "m3u",
    url: "http://provider.example/list.m3u",
    maxStreams: 5,
    ...login,
  })
  await registerStreamer("one")
  await publishChannels("1", [
    { id: "100000101", name: "News" },
    { id: "100000102", name: "24" },
    { id: "100000103", name: "24.tv" },
    { id: "100000201", name: "Movie", kind: "movie" },
    { id: "100000301", name: "Series", kind: "series" },
    { id: "100000401", name: "Episode", kind: "episode" },
  ])
})

describe("movies and series", () => {
  it.each([
    `/stream/100000201.mkv?${ann}`,
    `/stream/100000201?${ann}`,
    `/stream/Movie?${ann}`,
    `/stream/100000301.ts?${ann}`,
    "/movie/ann/secret/100000201.mkv",
    "/movie/ann/secret/100000201.MP4",
    "/series/ann/secret/100000401.mp4",
    "/series/ann/secret/100000401",
    "/ann/secret/100000201.mkv",
  ])("are known, and not played yet: %s", async (path) => {
    const response = await ask(path)
    expect(response.status).toBe(404)
    expect(await errorCode(response)).toBe("unsupported_output")
  })

  it("are told from what is not there", async () => {
    expect(await errorCode(await ask("/movie/ann/secret/999999999.mkv"))).toBe("unknown_channel")
  })
})

describe("live channels", () => {
  it.each(["/live/ann/secret/100000101.ts", "/ann/secret/100000101", `/stream/100000101?${ann}`])(
    "play at %s",
    async (path) => {
      expect((await ask(path)).status).toBe(302)
    },
  )

  it("are no files", async () => {
    expect(await errorCode(await ask(`/stream/100000101.mkv?${ann}`))).toBe("unsupported_output")
  })
})
