import { env } from "cloudflare:workers"
import { guideHead, guideTail } from "@tributary/shared/snapshot/guide-document"
import type { Manifest } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it, vi } from "vitest"
import {
  ask,
  askForBytes,
  basic,
  errorCode,
  publishChannels,
  startAfresh,
} from "../test-support/edge-under-test.ts"
import { addViewers, setSettings } from "../test-support/store.ts"
import { collectBytes, textOf } from "../test-support/streams.ts"
import { unpackGzip } from "../transfer/paced.ts"

const ann = "username=ann&password=secret"
const kid = "username=kid&password=k"
const programmes = (title: string) => [{ start: 1, stop: 2, title, description: "", language: "" }]

beforeEach(async () => {
  await startAfresh()
  await addViewers(
    { username: "ann", password: "secret" },
    { username: "kid", password: "k", groups: ["Kids", "Zoo"] },
    { username: "nobody", password: "n", groups: [] },
    { username: "off", password: "o", enabled: false },
  )
  await publishChannels("1", [
    { id: "101", name: "News", groups: ["World"], programmes: programmes("Tägesschau") },
    { id: "102", name: "Cartoons", groups: ["Kids"], programmes: programmes("Mouse") },
    { id: "103", name: "Animals", groups: ["Animals", "Zoo"], programmes: programmes("Lion") },
    { id: "104", name: "Nothing on", groups: ["Kids"] },
  ])
  return () => vi.restoreAllMocks()
})

const identity = { headers: { "accept-encoding": "identity" } }
const gzip = { headers: { "accept-encoding": "gzip" } }
const titles = (guide: string) =>
  [...guide.matchAll(/<programme channel="\d+">([^<]+)</g)].map(([, title]) => title)

async function unpackedBody(response: Response): Promise<string> {
  return new TextDecoder().decode(await collectBytes(unpackGzip(response.body ?? new ReadableStream())))
}

describe("who may have the guide", () => {
  it.each(["/guide.xml", "/guide.xml.gz", "/xmltv.php"])("%s refuses others", async (path) => {
    for (const login of ["", "?username=ann&password=wrong"]) {
      const response = await ask(`${path}${login}`)
      expect(response.status).toBe(401)
      expect(await errorCode(response)).toBe("unauthorized")
    }
    expect((await ask(`${path}?username=off&password=o`)).status).toBe(403)
    const byBasic = await ask(path, { headers: basic("ann", "secret") })
    expect(byBasic.status).toBe(200)
    await byBasic.body?.cancel()
  })

  it("is everyone where the playlist is public", async () => {
    await setSettings({ publicPlaylist: true })
    expect(titles(await textOf(await ask("/guide.xml", identity)))).toHaveLength(3)
  })
})

describe("the guide", () => {
  it.each(["/guide.xml", "/xmltv.php"])("is one XMLTV document of all channels at %s", async (path) => {
    const response = await ask(`${path}?${ann}`, identity)
    expect(response.headers.get("content-type")).toBe("application/xml; charset=utf-8")
    expect(response.headers.get("content-encoding")).toBeNull()
    const guide = await textOf(response)
    expect(guide.startsWith(guideHead) && guide.endsWith(guideTail)).toBe(true)
    expect(titles(guide)).toEqual(["Tägesschau", "Mouse", "Lion"])
  })

  it("is passed on as it is stored to those who take gzip: whatever is there is sent", async () => {
    const manifest = await (await env.SNAPSHOTS.get(objects.manifest("1")))?.json<Manifest>()
    const length = (manifest?.guide ?? []).reduce((sum, [, , bytes]) => sum + bytes, 0)
    for (const [number, packBytes] of manifest?.packs.entries() ?? [])
      await env.SNAPSHOTS.put(objects.pack("1", number), new Uint8Array(packBytes).fill(7))
    for (const path of ["/guide.xml", "/guide.xml.gz"]) {
      const response = await askForBytes(`${path}?${ann}`, gzip)
      expect(response.headers.get("content-encoding")).toBe(path === "/guide.xml" ? "gzip" : null)
      const bytes = await collectBytes(response.body ?? new ReadableStream())
      expect(bytes).toEqual(new Uint8Array(length).fill(7))
    }
  })

  it("unpacks to the same for those who take gzip", async () => {
    const plain = await textOf(await ask(`/guide.xml?${ann}`, identity))
    expect(await unpackedBody(await askForBytes(`/guide.xml?${ann}`, gzip))).toBe(plain)
  })

  it.each(["identity", "gzip"])("is a gzip file at /guide.xml.gz for Accept-Encoding %s", async (coding) => {
    const response = await askForBytes(`/guide.xml.gz?${ann}`, { headers: { "accept-encoding": coding } })
    expect(response.headers.get("content-type")).toBe("application/gzip")
    expect(response.headers.get("content-encoding")).toBeNull()
    expect(titles(await unpackedBody(response))).toHaveLength(3)
  })

  it("shows viewers the programmes of their groups only", async () => {
    const expected = ["Mouse", "Lion"]
    expect(titles(await textOf(await ask(`/guide.xml?${kid}`, identity)))).toEqual(expected)
    expect(titles(await unpackedBody(await askForBytes(`/guide.xml?${kid}`, gzip)))).toEqual(expected)
    expect(titles(await unpackedBody(await askForBytes(`/guide.xml.gz?${kid}`)))).toEqual(expected)
    expect(await textOf(await ask("/guide.xml?username=nobody&password=n", identity))).toBe(
      guideHead + guideTail,
    )
  })

  it("has our addresses of the logos that are served by us", async () => {
    await publishChannels("2", [
      { id: "101", name: "News", groups: ["World"], ownLogo: true, programmes: programmes("Tägesschau") },
      { id: "102", name: "Cartoons", groups: ["Kids"], ownLogo: true, programmes: programmes("Mouse") },
    ])
    const logos = (guide: string) => [...guide.matchAll(/<icon src="([^"]*)"/g)].map(([, src]) => src)
    const [news, cartoons] = [`${env.BASE_URL}/logo/101`, `${env.BASE_URL}/logo/102`]
    expect(logos(await textOf(await ask(`/guide.xml?${ann}`, identity)))).toEqual([news, cartoons])
    expect(logos(await textOf(await ask(`/xmltv.php?${kid}`, identity)))).toEqual([cartoons])
    for (const [login, expected] of [
      [ann, [news, cartoons]],
      [kid, [cartoons]],
    ] as const)
      for (const path of ["/guide.xml", "/guide.xml.gz"]) {
        const guide = await unpackedBody(await askForBytes(`${path}?${login}`, gzip))
        expect([logos(guide), guide.endsWith(guideTail)]).toEqual([expected, true])
      }
  })

  it("is an empty document before there is one", async () => {
    await publishChannels("2", [{ id: "101", name: "News", groups: ["World"] }])
    for (const login of [ann, kid])
      expect(await textOf(await ask(`/guide.xml?${login}`, identity))).toBe(guideHead + guideTail)
    expect(await unpackedBody(await askForBytes(`/guide.xml.gz?${ann}`))).toBe(guideHead + guideTail)
    await startAfresh()
    await addViewers({ username: "ann", password: "secret" })
    expect(await textOf(await ask(`/guide.xml?${ann}`, identity))).toBe(guideHead + guideTail)
  })
})

describe("the guide's ETag", () => {
  const etagOf = async (path: string, init: RequestInit<CfProperties> = identity) => {
    const response = await ask(path, init)
    await response.arrayBuffer()
    return response.headers.get("etag") ?? ""
  }

  it("differs per groups, encoding and snapshot, not per viewer", async () => {
    await addViewers({ username: "bob", password: "b" })
    const etag = await etagOf(`/guide.xml?${ann}`)
    expect(await etagOf("/xmltv.php?username=bob&password=b")).toBe(etag)
    const etags = [etag, await etagOf(`/guide.xml?${kid}`), await etagOf(`/guide.xml?${ann}`, gzip)]
    await publishChannels("2", [{ id: "101", name: "News", programmes: programmes("Later") }])
    etags.push(await etagOf(`/guide.xml?${ann}`))
    expect(new Set(etags).size).toBe(4)
  })

  it.each(["/guide.xml", "/guide.xml.gz", "/xmltv.php"])(
    "gives 304 at %s, without reading it",
    async (path) => {
      const etag = await etagOf(`${path}?${ann}`)
      const get = vi.spyOn(env.SNAPSHOTS, "get")
      const match = vi.spyOn(caches.default, "match")
      const response = await ask(`${path}?${ann}`, {
        headers: { ...identity.headers, "if-none-match": etag },
      })
      expect(response.status).toBe(304)
      expect(get).not.toHaveBeenCalled()
      expect(match).not.toHaveBeenCalled()
    },
  )
})
