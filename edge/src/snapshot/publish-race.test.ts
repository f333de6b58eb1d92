import { env } from "cloudflare:workers"
import type { Pointer } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { uploadSnapshot } from "../test-support/catalogue.ts"
import { startAfresh } from "../test-support/edge-under-test.ts"
import { publishSnapshot } from "./publish.ts"

beforeEach(startAfresh)

const channels = [{ id: "101", name: "News", groups: ["World"] }]

async function currentSnapshot(): Promise<string | undefined> {
  return (await (await env.SNAPSHOTS.get(objects.current))?.json<Pointer>())?.snapshot
}

/** The bucket as one edge sees it, where another one publishes right after this one has read the pointer. */
function overtaken(by: Pointer): R2Bucket {
  const { SNAPSHOTS: bucket } = env
  const get = async (key: string) => {
    const object = await bucket.get(key)
    if (key !== objects.current) return object
    const read =
      object === null ? null : { etag: object.etag, json: () => read?.value, value: await object.json() }
    await bucket.put(objects.current, JSON.stringify(by))
    return read
  }
  return { get, put: bucket.put.bind(bucket), list: bucket.list.bind(bucket) } as unknown as R2Bucket
}

describe("two edges that publish at once", () => {
  it.each([
    ["the first snapshot", null],
    ["a later one", "1"],
  ])("leave the pointer to the one that wrote first: %s", async (_, current) => {
    if (current !== null) await publishSnapshot(env.SNAPSHOTS, await uploadSnapshot(current, channels))
    const newer = await uploadSnapshot("3", channels)
    const late = await publishSnapshot(overtaken(newer), await uploadSnapshot("2", channels))
    expect(late.ok).toBe(false)
    expect(await currentSnapshot()).toBe("3")
  })

  it("move it only by calls that say so", async () => {
    const pointers = await Promise.all(["1", "2", "3", "4"].map((id) => uploadSnapshot(id, channels)))
    const results = await Promise.all(pointers.map((pointer) => publishSnapshot(env.SNAPSHOTS, pointer)))
    const published = pointers.filter((_, at) => results[at]?.ok).map(({ snapshot }) => snapshot)
    expect(published.length).toBeGreaterThan(0)
    expect(await currentSnapshot()).toBe(published.at(-1))
  })
})
