import { env } from "cloudflare:workers"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import {
  ask,
  askAsStreamer,
  errorCode,
  publishChannels,
  startAfresh,
} from "../test-support/edge-under-test.ts"
import { secretKeys } from "../test-support/store.ts"

beforeEach(startAfresh)

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
      ["PUT", "/internal/objects/snapshots/1/m3u/all"],
      ["DELETE", "/internal/objects/snapshots/1/m3u/all"],
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
    const path = `snapshots/1/m3u/groups/${encodeURIComponent("новости-日本")}`
    expect((await put(path, bytes)).status).toBe(204)
    expect(await storedKeys()).toEqual(["snapshots/1/m3u/groups/новости-日本"])
    const read = await askAsStreamer(`/internal/objects/${path}`)
    expect(new Uint8Array(await read.arrayBuffer())).toEqual(bytes)
    expect((await askAsStreamer(`/internal/objects/${path}`, { method: "DELETE" })).status).toBe(204)
    expect((await askAsStreamer(`/internal/objects/${path}`)).status).toBe(404)
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
    const response = await put("snapshots/1/m3u/all", body)
    expect(response.status).toBe(400)
    expect(await errorCode(response)).toBe("bad_request")
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
