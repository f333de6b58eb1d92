import { createExecutionContext } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { app } from "../app.ts"
import { joinBytes } from "../playlist/join-bytes.ts"
import { listInPagesOf } from "../test-support/bucket-pages.ts"
import {
  ask,
  askAsStreamer,
  errorCode,
  publishChannels,
  startAfresh,
} from "../test-support/edge-under-test.ts"
import { secretKeys } from "../test-support/store.ts"
import { streamOf } from "../test-support/streams.ts"
import { packGzip } from "../transfer/paced.ts"

beforeEach(async () => {
  await startAfresh()
  return () => vi.restoreAllMocks()
})

const put = (path: string, body: BodyInit = "text") =>
  askAsStreamer(`/internal/objects/${path}`, { method: "PUT", body })

async function storedKeys(): Promise<string[]> {
  return (await env.SNAPSHOTS.list()).objects.map(({ key }) => key)
}

describe("who may call", () => {
  const now = () => Date.now() / 1000
  const otherKeys = () => deriveKeys("another secret of thirty-two or more characters")

  it.each([
    ["nobody", async () => undefined],
    ["a viewer", async () => `Basic ${btoa("ann:secret")}`],
    ["the admin", async () => `Bearer ${env.ADMIN_TOKEN}`],
    ["a token for streamers", () => tierAuthorization(secretKeys, "streamer-internal", now())],
    [
      "a token of another installation",
      async () => tierAuthorization(await otherKeys(), "edge-internal", now()),
    ],
    ["a token of ten minutes ago", () => tierAuthorization(secretKeys, "edge-internal", now() - 600)],
  ])("refuses %s at every route", async (_, authorize) => {
    const authorization = await authorize()
    const headers = authorization === undefined ? {} : { authorization }
    for (const [method, path] of [
      ["GET", "/internal/objects/current.json"],
      ["PUT", "/internal/objects/snapshots/1/packs/0"],
      ["DELETE", "/internal/objects/snapshots/1/packs/0"],
      ["GET", "/internal/objects?prefix=catalogue/"],
      ["POST", "/internal/publish"],
      ["GET", "/internal/channels/101"],
      ["GET", "/internal/nothing"],
    ] as const) {
      const response = await ask(path, { method, headers })
      expect(response.status, `${method} ${path}`).toBe(401)
      expect(await errorCode(response)).toBe("unauthorized")
    }
    expect(await storedKeys()).toEqual([])
  })

  it("takes a streamer whose clock is four minutes off", async () => {
    for (const offset of [-240, 240]) {
      const authorization = await tierAuthorization(secretKeys, "edge-internal", now() + offset)
      const response = await ask("/internal/nothing", { headers: { authorization } })
      expect(response.status).toBe(404)
    }
  })
})

describe("objects", () => {
  it("are kept, given back and deleted, whatever is in them and in their names", async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251)
    const path = `guides/${encodeURIComponent("новости-日本")}/1/0`
    expect((await put(path, bytes)).status).toBe(204)
    expect(await storedKeys()).toEqual(["guides/новости-日本/1/0"])
    const read = await askAsStreamer(`/internal/objects/${path}`)
    expect(new Uint8Array(await read.arrayBuffer())).toEqual(bytes)
    expect((await askAsStreamer(`/internal/objects/${path}`, { method: "DELETE" })).status).toBe(204)
    expect((await askAsStreamer(`/internal/objects/${path}`)).status).toBe(404)
  })

  it.each(["snapshots/1/packs/0", "catalogue/acme.json", "guides/_.json", "details/movie/100000001.json"])(
    "may be written at %s",
    async (key) => {
      expect((await put(key)).status).toBe(204)
      expect(await storedKeys()).toEqual([key])
    },
  )

  it("are stored as they came: gzip stays gzip", async () => {
    const chunks: Uint8Array[] = []
    for await (const chunk of packGzip(streamOf([new TextEncoder().encode("text")]))) chunks.push(chunk)
    const bytes = joinBytes(chunks)
    await put("guides/acme/1/0", bytes)
    const read = await askAsStreamer("/internal/objects/guides/acme/1/0")
    expect(read.headers.get("content-encoding")).toBeNull()
    expect(new Uint8Array(await read.arrayBuffer())).toEqual(bytes)
  })

  it("are refused when they come near a Worker's limit, before they are read", async () => {
    const put = async (length: number) => {
      const authorization = await tierAuthorization(secretKeys, "edge-internal", Date.now() / 1000)
      const request = new Request(`${env.BASE_URL}/internal/objects/guides/acme/1/0`, {
        method: "PUT",
        headers: { authorization, "content-length": String(length) },
      })
      return app.fetch(request, env, createExecutionContext())
    }
    const refused = await put(95_000_001)
    expect(refused.status).toBe(413)
    expect(await errorCode(refused)).toBe("too_large")
    expect((await put(95_000_000)).status).toBe(204)
  })

  it("may be empty", async () => {
    expect((await put("catalogue/acme.ndjson", "")).status).toBe(204)
    const read = await askAsStreamer("/internal/objects/catalogue/acme.ndjson")
    expect(read.status).toBe(200)
    expect(await read.text()).toBe("")
  })

  it.each([
    "current.json",
    "other/1",
    "snapshots",
    "snapshots/",
    "snapshotsX/1",
    "catalogue//acme",
    "snapshots/../current.json",
    "snapshots/%2e%2e/current.json",
    "snapshots%2f..%2fcurrent.json",
    "snapshots/1%2f..%2f..%2fcurrent.json",
    "snapshots%2f.%2f1",
    "%73napshots%2f%2e%2fx",
    `snapshots/${"x".repeat(1_100)}`,
  ])("are refused elsewhere: %s", async (path) => {
    await publishChannels("1", [{ id: "101", name: "News" }])
    const before = await storedKeys()
    const pointer = await (await env.SNAPSHOTS.get(objects.current))?.text()
    expect((await put(path)).status).toBe(404)
    expect((await askAsStreamer(`/internal/objects/${path}`, { method: "DELETE" })).status).toBe(404)
    expect(await storedKeys()).toEqual(before)
    expect(await (await env.SNAPSHOTS.get(objects.current))?.text()).toBe(pointer)
  })

  it("show the pointer to streamers, and nothing outside their folders", async () => {
    await publishChannels("1", [{ id: "101", name: "News" }])
    await env.SNAPSHOTS.put("secrets.json", "{}")
    const read = await askAsStreamer("/internal/objects/current.json")
    expect(await read.json()).toMatchObject({ snapshot: "1" })
    expect((await askAsStreamer("/internal/objects/secrets.json")).status).toBe(404)
  })

  it("are refused without a length, rather than failing", async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("text"))
        controller.close()
      },
    })
    const response = await put("snapshots/1/packs/0", body)
    expect(response.status).toBe(400)
    expect(await errorCode(response)).toBe("bad_request")
  })
})

describe("a part of an object", () => {
  const key = "guides/acme/1/0"
  beforeEach(() => put(key, "0123456789"))
  const read = (range: string) => askAsStreamer(`/internal/objects/${key}`, { headers: { range } })

  it.each([
    ["bytes=0-0", "0", "bytes 0-0/10"],
    ["bytes=2-5", "2345", "bytes 2-5/10"],
    ["bytes=9-9", "9", "bytes 9-9/10"],
    ["bytes=7-99", "789", "bytes 7-9/10"],
    ["bytes=8-", "89", "bytes 8-9/10"],
  ])("is given for %s", async (range, text, contentRange) => {
    const response = await read(range)
    expect(response.status).toBe(206)
    expect(response.headers.get("content-range")).toBe(contentRange)
    expect(await response.text()).toBe(text)
  })

  it.each(["bytes=5-2", "bytes=-3", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", ""])(
    "is not given for %j: the whole object is",
    async (range) => {
      const response = await read(range)
      expect(response.status).toBe(200)
      expect(await response.text()).toBe("0123456789")
    },
  )

  it.each(["bytes=10-12", "bytes=999-"])("is refused behind its end: %s", async (range) => {
    const response = await read(range)
    expect(response.status).toBe(416)
    expect(await errorCode(response)).toBe("range_not_satisfiable")
  })

  it("is not found where there is no object", async () => {
    const headers = { range: "bytes=0-1" }
    expect((await askAsStreamer("/internal/objects/guides/none", { headers })).status).toBe(404)
  })
})

describe("a list of objects", () => {
  const listed = async (query: string) => {
    const response = await askAsStreamer(`/internal/objects?${query}`)
    return response.json<{ keys: string[]; cursor: string | null }>()
  }

  it("holds the keys of a prefix, in pages", async () => {
    listInPagesOf(3)
    for (const number of [0, 1, 2, 3, 4]) await env.SNAPSHOTS.put(`catalogue/acme/1/${number}`, "")
    await env.SNAPSHOTS.put("catalogue/other/1/0", "")
    const first = await listed("prefix=catalogue/acme/")
    expect(first.keys).toEqual(["0", "1", "2"].map((number) => `catalogue/acme/1/${number}`))
    const second = await listed(`prefix=catalogue/acme/&cursor=${encodeURIComponent(first.cursor ?? "")}`)
    expect(second.keys).toEqual(["3", "4"].map((number) => `catalogue/acme/1/${number}`))
    expect(second.cursor).toBeNull()
  })

  it.each(["guides/", "details/movie/"])("is given of %s", async (prefix) => {
    await env.SNAPSHOTS.put(`${prefix}1`, "")
    expect(await listed(`prefix=${prefix}`)).toEqual({ keys: [`${prefix}1`], cursor: null })
  })

  it.each(["", "c", "catalogue", "snapshots/", "secrets/"])("is not given of %j", async (prefix) => {
    expect((await askAsStreamer(`/internal/objects?prefix=${prefix}`)).status).toBe(404)
  })
})

describe("a channel", () => {
  it("is given to a streamer with its feeds, by its id", async () => {
    await publishChannels("1", [{ id: "101", name: "News", sources: ["a", "b"] }])
    const found = await askAsStreamer("/internal/channels/101")
    expect(await found.json()).toMatchObject({ name: "News", feeds: [{ source: "a" }, { source: "b" }] })
    const unknown = await askAsStreamer("/internal/channels/999")
    expect(unknown.status).toBe(404)
    expect(await errorCode(unknown)).toBe("unknown_channel")
  })
})
