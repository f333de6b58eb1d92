import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import type { Flaw } from "./file-server.ts"
import { fileOf, mebibyte, provider, serving, slotsFree, useVodWorld, world } from "./test-vod.ts"
import { ask, filmTicket } from "./vod-fixture.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
useVodWorld()

const file = fileOf(8 * mebibyte)
const quick = { stallTimeout: "1s", retryDelay: "1s" } as const

/** Plays from the beginning. */
async function play(streamer: Awaited<ReturnType<typeof serving>>, range = "bytes=0-") {
  return await ask(await streamer.url(await filmTicket(world, 1)), { range })
}

describe("a film whose reading breaks", () => {
  it.each<Flaw[][]>([
    [[{ kind: "reset", afterBytes: 3_000_001 }]],
    [[{ kind: "end", afterBytes: 3_000_001 }]],
    [[{ kind: "stall", afterBytes: 3_000_001 }]],
    [[{ kind: "reset", afterBytes: 1_000_000 }, { kind: "status", status: 500 }, { kind: "reset" }]],
    [Array.from({ length: 7 }, () => ({ kind: "reset", afterBytes: 700_000 }))],
  ])("goes on at the next byte, of the same file: %j", async (flaws) => {
    const streamer = await serving(file, { settings: quick })
    provider.spoil(...flaws)
    const { body, isWhole } = await (await play(streamer, "bytes=10-")).rest()
    expect(isWhole && body.equals(file.subarray(10))).toBe(true)
    expect(provider.counts()).toMatchObject({ peak: 1, refused: 0 })
    expect(provider.asked()).toHaveLength(flaws.length + 1)
    for (const { ifRange } of provider.asked().slice(1)) expect(ifRange).toMatch(/^"[\da-f]+"$/)
  })

  it("is told apart by its date where it has no strong tag", async () => {
    const lastModified = "Tue, 01 Apr 2025 10:00:00 GMT"
    const streamer = await serving(file, { settings: quick, provider: { etag: "weak", lastModified } })
    provider.spoil({ kind: "reset", afterBytes: 3_000_000 })
    expect((await (await play(streamer)).rest()).body.equals(file)).toBe(true)
    expect(provider.asked()[1]?.ifRange).toBe(lastModified)
  })

  it.each([file.length, file.length + 1])(
    "ends when another one of %i bytes has taken its place",
    async (bytes) => {
      const streamer = await serving(file, { settings: quick })
      provider.spoil({
        kind: "reset",
        afterBytes: 3_000_000,
        afterwards: () => provider.replace(fileOf(bytes)),
      })
      const { body, isWhole } = await (await play(streamer)).rest()
      expect([isWhole, body.equals(file.subarray(0, body.length))]).toEqual([false, true])
    },
  )

  it.each([file.length, file.length + 1])(
    "ends when parts of another one, of %i bytes, come where If-Range is not heeded",
    async (bytes) => {
      const streamer = await serving(file, { settings: quick, provider: { ifRange: false } })
      provider.spoil({
        kind: "reset",
        afterBytes: 3_000_000,
        afterwards: () => provider.replace(fileOf(bytes)),
      })
      const { body, isWhole } = await (await play(streamer)).rest()
      expect([isWhole, body.equals(file.subarray(0, body.length))]).toEqual([false, true])
    },
  )

  it("ends when its provider sends the whole in the place of a part", async () => {
    const streamer = await serving(file, { settings: quick })
    provider.spoil({
      kind: "reset",
      afterBytes: 3_000_000,
      afterwards: () => provider.set({ ranges: false }),
    })
    expect((await (await play(streamer)).rest()).isWhole).toBe(false)
  })

  it("ends after so many failures in a row, and gives its slot back", async () => {
    const settings = { ...quick, maxRetries: 2 }
    const streamer = await serving(file, { settings, streamer: { lingerMilliseconds: 50 } })
    provider.spoil({ kind: "reset", afterBytes: 3_000_000 }, ...Array<Flaw>(9).fill({ kind: "reset" }))
    expect((await (await play(streamer)).rest()).isWhole).toBe(false)
    expect(provider.asked()).toHaveLength(3)
    await slotsFree()
  })

  it("is read on from its beginning where there are no ranges", async () => {
    const streamer = await serving(file, { settings: quick, provider: { ranges: false } })
    provider.spoil({ kind: "reset", afterBytes: 3_000_000 })
    expect((await (await play(streamer)).rest()).body.equals(file)).toBe(true)
  })
})

describe("a film that does not open", () => {
  it.each<[Flaw, Record<string, string>]>([
    [{ kind: "status", status: 404 }, {}],
    [{ kind: "reset" }, {}],
    [{ kind: "hang" }, {}],
  ])("says why, and leaves neither lease nor session: %j", async (flaw) => {
    const streamer = await serving(file, { settings: quick })
    provider.spoil(flaw)
    const answer = await ask(await streamer.url(await filmTicket(world, 1, { viewer: "ann" })))
    expect(answer.status).toBe(502)
    const text = (await answer.rest()).body.toString()
    expect(text).toContain("upstream_failed")
    expect(text).not.toContain("127.0.0.1")
    await slotsFree()
    expect(await world.sessions("ann")).toEqual([])
  })

  it.each(["text/html; charset=utf-8", "application/json"])("is not one that is %s", async (contentType) => {
    const streamer = await serving(file, { provider: { contentType } })
    expect((await play(streamer)).status).toBe(502)
    await slotsFree()
  })

  it("is opened from its next feed, and goes on with that one only", async () => {
    const streamer = await serving(file, { settings: quick, streamer: { lingerMilliseconds: 50 } })
    provider.spoil({ kind: "status", status: 404 })
    const url = await streamer.url(await filmTicket(world, 12))
    expect((await (await ask(url, { range: "bytes=0-999" })).rest()).body).toHaveLength(1000)
    await slotsFree()
    expect((await (await ask(url, { range: "bytes=1000-1999" })).rest()).body).toHaveLength(1000)
    expect(provider.asked().map(({ path }) => path.split("/").at(-1))).toEqual([
      "101.mp4",
      "102.mp4",
      "102.mp4",
    ])
  })

  it("is given up when its player leaves", async () => {
    const streamer = await serving(file, { settings: { ...quick, stallTimeout: "20s" } })
    provider.spoil({ kind: "hang" })
    const url = await streamer.url(await filmTicket(world, 1))
    const leaving = new AbortController()
    const fetched = fetch(url, { signal: leaving.signal }).catch(() => null)
    await until("the provider has the request", () => provider.counts().active === 1)
    leaving.abort()
    await fetched
    await slotsFree()
  })
})
