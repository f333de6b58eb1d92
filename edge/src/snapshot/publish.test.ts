import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import type { Manifest, Pointer } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { app } from "../app.ts"
import { listInPagesOf } from "../test-support/bucket-pages.ts"
import { uploadSnapshot } from "../test-support/catalogue.ts"
import { errorCode, startAfresh } from "../test-support/edge-under-test.ts"
import { secretKeys } from "../test-support/store.ts"

beforeEach(async () => {
  await startAfresh()
  return () => vi.restoreAllMocks()
})

const channels = [
  { id: "101", name: "News", groups: ["World", "Kids"] },
  { id: "102", name: "Sport", groups: ["World"] },
]

/** The whole call, with what it does after its answer. */
async function publish(body: string): Promise<Response> {
  const context = createExecutionContext()
  const authorization = await tierAuthorization(secretKeys, "edge-internal", Date.now() / 1000)
  const request = new Request(`${env.BASE_URL}/internal/publish`, {
    method: "POST",
    body,
    headers: { authorization },
  })
  const response = await app.fetch(request, env, context)
  await waitOnExecutionContext(context)
  return response
}

const publishPointer = (pointer: Pointer) => publish(JSON.stringify(pointer))

async function currentSnapshot(): Promise<string | null> {
  const object = await env.SNAPSHOTS.get(objects.current)
  return object === null ? null : (await object.json<Pointer>()).snapshot
}

async function storedSnapshots(): Promise<string[]> {
  const { objects: stored } = await env.SNAPSHOTS.list({ prefix: "snapshots/" })
  return [...new Set(stored.map(({ key }) => key.split("/")[1] ?? ""))]
}

describe("publishing refuses", () => {
  it.each([
    ["text", "not JSON"],
    ["nothing", ""],
    ["a list", "[]"],
    [
      "a pointer without a digest",
      JSON.stringify({ snapshot: "2", previous: null, publishedAt: 1, channels: 1 }),
    ],
    [
      "a pointer to elsewhere",
      JSON.stringify({ snapshot: "../2", previous: null, publishedAt: 1, digest: "d", channels: 1 }),
    ],
    [
      "a pointer to nothing",
      JSON.stringify({ snapshot: "", previous: null, publishedAt: 1, digest: "d", channels: 1 }),
    ],
  ])("%s", async (_, body) => {
    const response = await publish(body)
    expect(response.status).toBe(400)
    expect(await errorCode(response)).toBe("bad_request")
    expect(await currentSnapshot()).toBeNull()
  })

  async function expectRefusal(pointer: Pointer, message: string): Promise<void> {
    const response = await publishPointer(pointer)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(message)
    expect(await currentSnapshot()).toBe("1")
  }

  async function changeManifest(change: (manifest: Manifest) => unknown): Promise<void> {
    const key = objects.manifest("2")
    const manifest = await (await env.SNAPSHOTS.get(key))?.json<Manifest>()
    if (manifest !== undefined) await env.SNAPSHOTS.put(key, JSON.stringify(change(manifest)))
  }

  it.each([
    ["the manifest", objects.manifest("2")],
    ["its first pack", objects.pack("2", 0)],
    ["a later pack", objects.pack("2", 1)],
  ])("a snapshot without %s", async (_, key) => {
    await publishPointer(await uploadSnapshot("1", channels))
    const pointer = await uploadSnapshot("2", channels, { packBytes: 100 })
    await env.SNAPSHOTS.delete(key)
    await expectRefusal(pointer, key)
  })

  it.each([-1, 1])("a snapshot with a pack whose length is off by %i", async (by) => {
    await publishPointer(await uploadSnapshot("1", channels))
    const pointer = await uploadSnapshot("2", channels, { packBytes: 100 })
    await env.SNAPSHOTS.put(objects.pack("2", 1), new Uint8Array(100 + by))
    await expectRefusal(pointer, objects.pack("2", 1))
  })

  it.each([
    ["not valid", () => ({ snapshot: "2" })],
    ["of another snapshot", (manifest: Manifest) => ({ ...manifest, snapshot: "3" })],
  ])("a snapshot whose manifest is %s", async (_, change) => {
    await publishPointer(await uploadSnapshot("1", channels))
    const pointer = await uploadSnapshot("2", channels)
    await changeManifest(change)
    await expectRefusal(pointer, "manifest")
  })

  it("a snapshot older than the current one", async () => {
    const older = await uploadSnapshot("1", channels)
    await publishPointer(await uploadSnapshot("2", channels))
    await uploadSnapshot("1", channels)
    expect((await publishPointer(older)).status).toBe(400)
    expect(await currentSnapshot()).toBe("2")
  })
})

describe("publishing", () => {
  it("keeps the two newest snapshots", async () => {
    for (const id of ["1", "2", "3"]) await publishPointer(await uploadSnapshot(id, channels))
    expect(await currentSnapshot()).toBe("3")
    expect(await storedSnapshots()).toEqual(["2", "3"])
  })

  it("never deletes one that is newer than the published one: it is being uploaded", async () => {
    await publishPointer(await uploadSnapshot("1", channels))
    await publishPointer(await uploadSnapshot("2", channels))
    await uploadSnapshot("9", channels)
    await publishPointer(await uploadSnapshot("3", channels))
    expect(await storedSnapshots()).toEqual(["2", "3", "9"])
  })

  it("deletes what an upload that was given up left behind", async () => {
    await uploadSnapshot("1", channels)
    await publishPointer(await uploadSnapshot("2", channels))
    await publishPointer(await uploadSnapshot("3", channels))
    expect(await storedSnapshots()).toEqual(["2", "3"])
  })

  it("goes by what was current, not by what its caller took for it", async () => {
    await publishPointer(await uploadSnapshot("1", channels))
    await publishPointer(await uploadSnapshot("2", channels, { previous: "zzz" }))
    expect(await storedSnapshots()).toEqual(["1", "2"])
  })

  it("can be repeated: the first answer may have been lost", async () => {
    await publishPointer(await uploadSnapshot("1", channels))
    const pointer = await uploadSnapshot("2", channels, { previous: "1" })
    expect((await publishPointer(pointer)).status).toBe(204)
    expect((await publishPointer(pointer)).status).toBe(204)
    expect(await storedSnapshots()).toEqual(["1", "2"])
  })

  it("writes down what was current, for those who read the pointer", async () => {
    await publishPointer(await uploadSnapshot("1", channels))
    await publishPointer(await uploadSnapshot("2", channels, { previous: "zzz" }))
    const pointer = await (await env.SNAPSHOTS.get(objects.current))?.json<Pointer>()
    expect(pointer).toMatchObject({ snapshot: "2", previous: "1" })
  })

  it("sees all objects where the bucket lists them in several calls", async () => {
    listInPagesOf(2)
    const pointer = await uploadSnapshot("1", channels, { packBytes: 100 })
    const manifest = await (await env.SNAPSHOTS.get(objects.manifest("1")))?.json<Manifest>()
    expect(manifest?.packs.length).toBeGreaterThan(3)
    expect((await publishPointer(pointer)).status).toBe(204)
    await publishPointer(await uploadSnapshot("2", channels))
    await publishPointer(await uploadSnapshot("3", channels))
    vi.restoreAllMocks()
    expect(await currentSnapshot()).toBe("3")
    expect(await storedSnapshots()).toEqual(["2", "3"])
  })
})
