import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { startAfresh } from "../test-support/edge-under-test.ts"
import { readUntilEnd } from "../test-support/streams.ts"
import { ObjectCache } from "./object-cache.ts"

beforeEach(async () => {
  await startAfresh()
  return () => vi.restoreAllMocks()
})

describe("the location's cache of objects", () => {
  const key = objects.playlist("1", null)
  const size = 3_000_000

  async function readFrom(
    reader: ObjectCache,
    seconds: number,
    read: (body: ReadableStream) => Promise<unknown>,
  ) {
    const context = createExecutionContext()
    const body = await reader.open(key, seconds, (work) => context.waitUntil(work))
    if (body !== null) await read(body)
    await waitOnExecutionContext(context)
    return body
  }
  const wholly = async (body: ReadableStream) =>
    expect((await new Response(body).arrayBuffer()).byteLength).toBe(size)

  beforeEach(() => env.SNAPSHOTS.put(key, new Uint8Array(size)))

  it("serves what was read before, without the bucket", async () => {
    await readFrom(new ObjectCache(env.SNAPSHOTS), 60, wholly)
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    await readFrom(new ObjectCache(env.SNAPSHOTS), 60, wholly)
    expect(get).not.toHaveBeenCalled()
  })

  it("holds the whole object even when its first reader goes away", async () => {
    await readFrom(new ObjectCache(env.SNAPSHOTS), 60, async (body) => {
      const reader = body.getReader()
      await reader.read()
      await reader.cancel()
    })
    await env.SNAPSHOTS.delete(key)
    expect(await readFrom(new ObjectCache(env.SNAPSHOTS), 60, wholly)).not.toBeNull()
  })

  it("does not wait for a slow reader, nor is it held up by one", async () => {
    const context = createExecutionContext()
    const body = await new ObjectCache(env.SNAPSHOTS).open(key, 60, (work) => context.waitUntil(work))
    await waitOnExecutionContext(context)
    await readFrom(new ObjectCache(env.SNAPSHOTS), 60, wholly)
    await wholly(body ?? new ReadableStream())
  })

  it("is filled once, however many readers come at once", async () => {
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    const reader = new ObjectCache(env.SNAPSHOTS)
    await Promise.all(Array.from({ length: 5 }, () => readFrom(reader, 60, wholly)))
    expect(get.mock.calls.length).toBeLessThanOrEqual(6)
  })

  it("is left alone where it is switched off", async () => {
    await readFrom(new ObjectCache(env.SNAPSHOTS), 0, wholly)
    await env.SNAPSHOTS.delete(key)
    expect(await readFrom(new ObjectCache(env.SNAPSHOTS), 60, wholly)).toBeNull()
  })

  it("never gives half an object for a whole one after a read that broke off", async () => {
    const whole = await env.SNAPSHOTS.get(key)
    const half = () => new Response(new Uint8Array(size / 2)).body
    const bucket = { get: async () => ({ ...whole, body: half(), size }) } as unknown as R2Bucket
    const works: Promise<unknown>[] = []
    const body = await new ObjectCache(bucket).open(key, 60, (work) => void works.push(work))
    await body?.cancel()
    await expect(Promise.all(works)).rejects.toThrow()
    await readFrom(new ObjectCache(env.SNAPSHOTS), 60, async (next) => {
      const { text, brokeOff } = await readUntilEnd(next)
      expect(brokeOff || text.length === size).toBe(true)
    })
  })

  it("is not trusted with half an object", async () => {
    const headers = { "cache-control": "max-age=60", "x-object-size": String(size) }
    await caches.default.put(
      `https://snapshot.invalid/${key}`,
      new Response(new Uint8Array(size / 2), { headers }),
    )
    await readFrom(new ObjectCache(env.SNAPSHOTS), 60, async (body) =>
      expect((await readUntilEnd(body)).brokeOff).toBe(true),
    )
  })
})
