import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseSourceList } from "./source-list.ts"

fc.configureGlobal({ seed: 20_261_003 })

async function parsed(text: string) {
  const result = await parseSourceList(text)
  if (!result.ok) throw new Error(result.message)
  return result.sources
}

async function problem(text: string): Promise<string> {
  const result = await parseSourceList(text)
  return result.ok ? "accepted" : result.message
}

describe("SOURCES", () => {
  it("names several playlists with their connection limits, in failover order", async () => {
    const sources = await parsed("http://a.example/one.m3u|2,https://b.example/two.m3u|10")
    expect(sources).toMatchObject([
      { url: "http://a.example/one.m3u", maxStreams: 2, order: 1, type: "m3u", enabled: true },
      { url: "https://b.example/two.m3u", maxStreams: 10, order: 2, type: "m3u", enabled: true },
    ])
  })

  it.each(["http://a.example/x", "http://a.example/x|0", "http://a.example/x | 00"])(
    "has no limit for %j",
    async (text) => {
      expect(await parsed(text)).toMatchObject([{ url: "http://a.example/x", maxStreams: null }])
    },
  )

  it("keeps commas and bars inside an address", async () => {
    const sources = await parsed("http://a.example/x?ids=1,2,3&f=a|b|5,http://b.example/p,q|1")
    expect(sources.map(({ url, maxStreams }) => [url, maxStreams])).toEqual([
      ["http://a.example/x?ids=1,2,3&f=a|b", 5],
      ["http://b.example/p,q", 1],
    ])
  })

  it("does not mind spaces, line breaks and a comma at the end", async () => {
    const sources = await parsed("  http://a.example/x | 3 ,\n  HTTPS://b.example/y  ,\n")
    expect(sources.map(({ url, maxStreams }) => [url, maxStreams])).toEqual([
      ["http://a.example/x", 3],
      ["HTTPS://b.example/y", null],
    ])
  })

  it("knows the login in a panel's playlist address, decoded", async () => {
    const [source] = await parsed("http://a.example:80/get.php?username=u%201&password=p%26%2C&type=m3u_plus")
    expect(source).toMatchObject({ type: "m3u", username: "u 1", password: "p&," })
  })

  it("has no login when only half of one is there", async () => {
    const [source] = await parsed("http://a.example/get.php?username=u")
    expect(source).not.toHaveProperty("username")
    expect(source).not.toHaveProperty("password")
  })

  it("gives a source the same id in any order, and another one for another address", async () => {
    const idsOf = async (text: string) => (await parsed(text)).map(({ id }) => id)
    const [a, b] = await idsOf("http://a.example/x|1,http://a.example/y|2")
    expect(await idsOf("http://a.example/y|3,http://a.example/x")).toEqual([b, a])
    expect(a).not.toBe(b)
  })

  it("tells nobody the provider's name: ids are digests, and names are numbers", async () => {
    await fc.assert(
      fc.asyncProperty(fc.webUrl({ validSchemes: ["http", "https"] }), async (url) => {
        const [source] = await parsed(url)
        expect(source?.id).toMatch(/^s[0-9a-f]{10}$/)
        expect(source?.name).toBe("Source 1")
      }),
    )
  })

  it.each([
    ["", 'SOURCES names no URL: ""'],
    [" , ", 'SOURCES names no URL: " , "'],
    ["example.com/list.m3u", 'SOURCES entry 1: "example.com/list.m3u" is not an http:// or https:// URL'],
    ["http:example.com", 'SOURCES entry 1: "http:example.com" is not an http:// or https:// URL'],
    [
      "http://a.example/x,ftp://b.example/y|1",
      'SOURCES entry 2: "ftp://b.example/y" is not an http:// or https:// URL',
    ],
    ["http://|1", 'SOURCES entry 1: "http://" is not an http:// or https:// URL'],
    ["http://a.example/x|many", 'SOURCES entry 1: "many" is not a number of connections'],
    ["http://a.example/x|-1", 'SOURCES entry 1: "-1" is not a number of connections'],
    ["http://a.example/x|", 'SOURCES entry 1: "" is not a number of connections'],
    [
      `http://a.example/x|${"9".repeat(20)}`,
      `SOURCES entry 1: "${"9".repeat(20)}" is not a number of connections`,
    ],
    ["http://a.example/x|1,http://a.example/x|2", "SOURCES entry 2: the same URL is named twice"],
  ])("%j is refused, with the entry named", async (text, message) => {
    expect(await problem(text)).toBe(message)
  })

  it("never throws, whatever it is given", async () => {
    const piece = fc.oneof(
      fc.constantFrom("http://", "https://", ",", "|", "a", "9", " ", "[", "%", "@"),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async (pieces) => {
        expect(await parseSourceList(pieces.join(""))).toHaveProperty("ok")
      }),
    )
  })
})
