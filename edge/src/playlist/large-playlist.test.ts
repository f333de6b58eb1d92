import { env } from "cloudflare:workers"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { entry, uploadPlaylist } from "../test-support/catalogue.ts"
import { askForBytes, publish, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers } from "../test-support/store.ts"

const entries = 300_000
const path = "/playlist.m3u8?username=ann&password=secret"

async function* template(): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for (let first = 0; first < entries; first += 1_000) {
    const numbers = Array.from(
      { length: 1_000 },
      (_, at) => 100_000_000 + (((first + at) * 7_919) % 900_000_000),
    )
    yield encoder.encode(
      numbers.map((id) => entry({ id: String(id), name: `Channel ${id}`, ownLogo: true })).join(""),
    )
  }
}

beforeEach(async () => {
  await startAfresh()
  await addViewers({ username: "ann", password: "secret" })
  await publish(await uploadPlaylist("1", template(), 1_000_000))
  return () => vi.restoreAllMocks()
})

/** The bytes of packs that were read from the bucket so far. */
function watchReads(): () => number {
  const get = vi.spyOn(env.SNAPSHOTS, "get")
  return () =>
    get.mock.calls
      .map((call) => (call[1] as { range?: { length?: number } } | undefined)?.range?.length ?? 0)
      .reduce((sum, length) => sum + length, 0)
}

describe("a playlist of 300,000 entries", () => {
  it.each(["identity", "gzip"])(
    "is read as fast as its viewer takes it, whole in the end: %s",
    async (coding) => {
      const bytesRead = watchReads()
      const response = await askForBytes(path, { headers: { "accept-encoding": coding } })
      const body = response.body ?? new ReadableStream<Uint8Array>()
      const reader = body.getReader()
      const first = await reader.read()
      // A first chunk costs the first short piece, and the one that is fetched ahead of its reader.
      expect(first.value?.length).toBeGreaterThan(0)
      expect(bytesRead()).toBeLessThan(600_000)
      let received = first.value?.length ?? 0
      for (let next = await reader.read(); !next.done; next = await reader.read())
        received += next.value.length
      const total = bytesRead()
      expect(total).toBeGreaterThan(2_000_000)
      if (coding === "identity") expect(received).toBeGreaterThan(entries * 100)
    },
  )

  it("costs nothing more once its viewer has gone", async () => {
    const bytesRead = watchReads()
    const response = await askForBytes(path, { headers: { "accept-encoding": "identity" } })
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader()
    await reader.read()
    await reader.read()
    await reader.cancel()
    expect(bytesRead()).toBeLessThan(600_000)
  })
})
