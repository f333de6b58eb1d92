import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import type { Manifest } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { app } from "../app.ts"
import { uploadSnapshot } from "../test-support/catalogue.ts"
import { errorCode, startAfresh } from "../test-support/edge-under-test.ts"
import { secretKeys } from "../test-support/store.ts"

beforeEach(startAfresh)

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

const publishManifest = (manifest: Manifest) => publish(JSON.stringify(manifest))

async function currentSnapshot(): Promise<string | null> {
  const object = await env.SNAPSHOTS.get(objects.current)
  return object === null ? null : (await object.json<Manifest>()).snapshot
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
      "a manifest without groups",
      JSON.stringify({ snapshot: "2", previous: null, publishedAt: 1, digest: "d" }),
    ],
  ])("%s", async (_, body) => {
    const response = await publish(body)
    expect(response.status).toBe(400)
    expect(await errorCode(response)).toBe("bad_request")
    expect(await currentSnapshot()).toBeNull()
  })

  it.each([
    ["the playlist of all", objects.playlist("2", null)],
    ["a group's playlist", objects.playlist("2", "kids")],
    ["a shard of the index", objects.indexShard("2", 1)],
  ])("a snapshot without %s", async (_, key) => {
    await publishManifest(await uploadSnapshot("1", channels))
    const manifest = await uploadSnapshot("2", channels)
    await env.SNAPSHOTS.delete(key)
    const response = await publishManifest(manifest)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(key)
    expect(await currentSnapshot()).toBe("1")
  })

  it("a snapshot older than the current one", async () => {
    const older = await uploadSnapshot("1", channels)
    await publishManifest(await uploadSnapshot("2", channels))
    await uploadSnapshot("1", channels)
    expect((await publishManifest(older)).status).toBe(400)
    expect(await currentSnapshot()).toBe("2")
  })
})

describe("publishing", () => {
  it("keeps the two newest snapshots", async () => {
    for (const id of ["1", "2", "3"]) await publishManifest(await uploadSnapshot(id, channels))
    expect(await currentSnapshot()).toBe("3")
    expect(await storedSnapshots()).toEqual(["2", "3"])
  })

  it("never deletes one that is newer than the published one: it is being uploaded", async () => {
    await publishManifest(await uploadSnapshot("1", channels))
    await publishManifest(await uploadSnapshot("2", channels))
    await uploadSnapshot("9", channels)
    await publishManifest(await uploadSnapshot("3", channels))
    expect(await storedSnapshots()).toEqual(["2", "3", "9"])
  })

  it("deletes what an upload that was given up left behind", async () => {
    await uploadSnapshot("1", channels)
    await publishManifest(await uploadSnapshot("2", channels))
    await publishManifest(await uploadSnapshot("3", channels))
    expect(await storedSnapshots()).toEqual(["2", "3"])
  })

  it("goes by what was current, not by what its caller took for it", async () => {
    await publishManifest(await uploadSnapshot("1", channels))
    await publishManifest(await uploadSnapshot("2", channels, { previous: "zzz" }))
    expect(await storedSnapshots()).toEqual(["1", "2"])
  })

  it("can be repeated: the first answer may have been lost", async () => {
    await publishManifest(await uploadSnapshot("1", channels))
    const manifest = await uploadSnapshot("2", channels, { previous: "1" })
    expect((await publishManifest(manifest)).status).toBe(204)
    expect((await publishManifest(manifest)).status).toBe(204)
    expect(await storedSnapshots()).toEqual(["1", "2"])
  })

  it("takes a snapshot of more objects than the bucket lists in one call", async () => {
    const many = Array.from({ length: 1_100 }, (_, at) => ({
      id: String(at),
      name: `Channel ${at}`,
      groups: [`Group ${at}`],
    }))
    await publishManifest(await uploadSnapshot("1", many))
    await publishManifest(await uploadSnapshot("2", channels))
    await publishManifest(await uploadSnapshot("3", channels))
    expect(await currentSnapshot()).toBe("3")
    expect(await storedSnapshots()).toEqual(["2", "3"])
  })
})
