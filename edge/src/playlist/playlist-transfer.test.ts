import { env } from "cloudflare:workers"
import { objects } from "@tributary/shared/store/keys"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import {
  ask,
  askForBytes,
  basic,
  errorCode,
  publishChannels,
  startAfresh,
} from "../test-support/edge-under-test.ts"
import { addViewers, setStore } from "../test-support/store.ts"
import { readUntilEnd, textOf } from "../test-support/streams.ts"

const path = "/playlist.m3u8?username=ann&password=secret"

beforeEach(async () => {
  await startAfresh()
  await addViewers({ username: "ann", password: "secret" }, { username: "bob", password: "b" })
  await publishChannels("1", [{ id: "101", name: "News", groups: ["World"] }])
  return () => vi.restoreAllMocks()
})

async function etagOf(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await ask(url, { headers })
  await response.arrayBuffer()
  const etag = response.headers.get("etag")
  expect(etag).toMatch(/^"[^"]+"$/)
  return etag ?? ""
}

describe("ETag", () => {
  it("is the same for the same snapshot, however the viewer logs in", async () => {
    const etag = await etagOf(path)
    expect(await etagOf(path)).toBe(etag)
    expect(await etagOf("/playlist.m3u8", basic("ann", "secret"))).toBe(etag)
  })

  it("differs per viewer, output, group and snapshot", async () => {
    const etags = [
      await etagOf(path),
      await etagOf("/playlist.m3u8?username=bob&password=b"),
      await etagOf(`${path}&output=m3u8`),
      await etagOf(path.replace("/playlist", "/World/playlist")),
    ]
    await publishChannels("2", [{ id: "101", name: "News", groups: ["World"] }])
    etags.push(await etagOf(path))
    etags.push(await etagOf(`${path}&type=live`))
    expect(new Set(etags).size).toBe(6)
  })

  it.each([
    ["the tag", (etag: string) => etag],
    ["a weak one", (etag: string) => `W/${etag}`],
    ["one of several", (etag: string) => `"other" , ${etag}`],
    ["any", () => "*"],
  ])("gives 304 for %s, without reading the playlist", async (_, header) => {
    const etag = await etagOf(path)
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    const match = vi.spyOn(caches.default, "match")
    const response = await ask(path, { headers: { "if-none-match": header(etag) } })
    expect(response.status).toBe(304)
    expect(response.headers.get("etag")).toBe(etag)
    expect(await response.text()).toBe("")
    expect(get).not.toHaveBeenCalled()
    expect(match).not.toHaveBeenCalled()
    // The proof that reads are seen at all.
    await textOf(await ask(path))
    expect(match).toHaveBeenCalled()
  })

  it("differs between encodings, and each one's tag is known to it", async () => {
    const plain = await etagOf(path, { "accept-encoding": "identity" })
    const gzip = await etagOf(path, { "accept-encoding": "gzip" })
    expect(gzip).not.toBe(plain)
    for (const [encoding, etag] of [
      ["identity", plain],
      ["gzip", gzip],
      ["gzip", plain],
    ] as const) {
      const response = await ask(path, { headers: { "accept-encoding": encoding, "if-none-match": etag } })
      expect(response.status).toBe(304)
      expect(response.headers.get("etag")).toBe(etag)
    }
  })

  it("is the same for a snapshot of the same content", async () => {
    await publishChannels("2", [{ id: "101", name: "News" }], { digest: "same" })
    const etag = await etagOf(path)
    await publishChannels("3", [{ id: "101", name: "News" }], { digest: "same" })
    expect(await etagOf(path)).toBe(etag)
  })

  it("gives 200 for another tag", async () => {
    const etag = await etagOf(path)
    const response = await ask(path, { headers: { "if-none-match": `${etag.slice(0, -2)}"` } })
    expect(response.status).toBe(200)
    await response.body?.cancel()
  })
})

describe("gzip", () => {
  async function encodingFor(acceptEncoding: string, clientAcceptEncoding?: string) {
    const response = await askForBytes(path, {
      headers: { "accept-encoding": acceptEncoding },
      ...(clientAcceptEncoding === undefined ? {} : { cf: { clientAcceptEncoding } as CfProperties }),
    })
    const body = response.body ?? new ReadableStream<Uint8Array>()
    return { encoding: response.headers.get("content-encoding"), body }
  }

  it.each(["gzip", "br, gzip", "GZIP;q=0.5", "x-gzip", "deflate, gzip;q=1.0, *;q=0"])(
    "is used for Accept-Encoding %s, and unpacks to the playlist",
    async (header) => {
      const plain = await textOf(await ask(path, { headers: { "accept-encoding": "identity" } }))
      const { encoding, body } = await encodingFor(header)
      expect(encoding).toBe("gzip")
      const unpacked = new Response(body).body?.pipeThrough(new DecompressionStream("gzip"))
      expect(await textOf(new Response(unpacked))).toBe(plain)
      // A client of HTTP that knows gzip gets the same: it is packed once, not twice.
      expect(await textOf(await ask(path, { headers: { "accept-encoding": header } }))).toBe(plain)
    },
  )

  it.each(["", "identity", "br", "gzip;q=0", "gzip; q=0.000", "gzipped"])(
    "is not used for Accept-Encoding %s",
    async (header) => {
      const { encoding, body } = await encodingFor(header)
      expect(encoding).toBeNull()
      expect(await textOf(new Response(body))).toMatch(/^#EXTM3U\n/)
    },
  )

  it("follows the client's own header where the CDN sends another one", async () => {
    const asked = await encodingFor("br", "gzip")
    expect(asked.encoding).toBe("gzip")
    await asked.body.cancel()
    const notAsked = await encodingFor("gzip, br", "")
    expect(notAsked.encoding).toBeNull()
    await notAsked.body.cancel()
  })

  it("says that it depends on the request", async () => {
    const response = await ask(path)
    await response.body?.cancel()
    expect(response.headers.get("vary")).toContain("accept-encoding")
  })

  it("breaks off rather than ends when a part is missing", async () => {
    await env.SNAPSHOTS.delete(objects.pack("1", 0))
    const { body } = await encodingFor("gzip")
    const unpacked = body.pipeThrough(new DecompressionStream("gzip"))
    expect((await readUntilEnd(unpacked)).brokeOff).toBe(true)
  })
})

describe("what is not there yet, or not any more", () => {
  it("breaks off when an object is missing", async () => {
    await env.SNAPSHOTS.delete(objects.pack("1", 0))
    const response = await ask(path)
    expect((await readUntilEnd(response.body ?? new ReadableStream())).brokeOff).toBe(true)
  })

  it("answers 503 not_ready before the first snapshot", async () => {
    await startAfresh()
    await addViewers({ username: "ann", password: "secret" })
    const response = await ask(path)
    expect(response.status).toBe(503)
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(await errorCode(response)).toBe("not_ready")
  })

  afterEach(() => setStore("pass"))

  it.each(["refuse", "hang"] as const)("answers 503 within 2 s while the store does %s", async (mode) => {
    await setStore(mode)
    const startedAt = Date.now()
    const response = await ask(path)
    expect(Date.now() - startedAt).toBeLessThan(2_000)
    expect(response.status).toBe(503)
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(await errorCode(response)).toBe("store_unavailable")
    await setStore("pass")
    const back = await ask(path)
    expect(back.status).toBe(200)
    await back.body?.cancel()
  })
})
