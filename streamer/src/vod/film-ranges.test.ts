import { describe, expect, it, vi } from "vitest"
import { until } from "../pool/pool-fixture.ts"
import { fileOf, mebibyte, provider, serving, useVodWorld, world } from "./test-vod.ts"
import { ask, filmTicket } from "./vod-fixture.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useVodWorld()

const file = fileOf(3 * mebibyte + 123)
const size = file.length

describe("a film", () => {
  it.each([
    ["bytes=0-", 0, size],
    ["bytes=5-", 5, size],
    ["bytes=100-199", 100, 200],
    ["bytes=0-0", 0, 1],
    [`bytes=${size - 1}-`, size - 1, size],
    ["bytes=-500", size - 500, size],
    [`bytes=-${size * 2}`, 0, size],
    [`bytes=7-${size * 2}`, 7, size],
  ])("is sent in the part that %s names", async (range, first, end) => {
    const streamer = await serving(file)
    const answer = await ask(await streamer.url(await filmTicket(world, 1)), { range })
    expect(answer.status).toBe(206)
    expect(answer.headers).toMatchObject({
      "content-range": `bytes ${first}-${end - 1}/${size}`,
      "content-length": String(end - first),
      "accept-ranges": "bytes",
      "content-type": "video/mp4",
      "access-control-allow-origin": "*",
    })
    expect(answer.headers["access-control-expose-headers"]).toContain("content-range")
    const { body, isWhole } = await answer.rest()
    expect(isWhole && body.equals(file.subarray(first, end))).toBe(true)
    expect(provider.asked()).toHaveLength(1)
  })

  it.each([undefined, "bytes=5-2", "bytes=1-2,4-5", "pages=1-2", "bytes=a-b", "bytes=-"])(
    "is sent whole where the Range header is %j",
    async (range) => {
      const streamer = await serving(file)
      const url = await streamer.url(await filmTicket(world, 1))
      const answer = await ask(url, range === undefined ? {} : { range })
      expect(answer.status).toBe(200)
      expect(answer.headers).toMatchObject({ "content-length": String(size), "accept-ranges": "bytes" })
      expect(answer.headers["content-range"]).toBeUndefined()
      expect((await answer.rest()).body.equals(file)).toBe(true)
    },
  )

  it.each([`bytes=${size}-`, "bytes=99999999999999999999-", "bytes=-0"])(
    "has nothing at %s: 416 with its size, and the viewer's session is over",
    async (range) => {
      const streamer = await serving(file, { streamer: { lingerMilliseconds: 50 } })
      const answer = await ask(await streamer.url(await filmTicket(world, 1, { viewer: "ann" })), { range })
      expect(answer.status).toBe(416)
      expect(answer.headers["content-range"]).toBe(`bytes */${size}`)
      await until("the session is over", async () => (await world.sessions("ann")).length === 0)
      await until("the slot is free", async () => (await world.leases()) === 0)
    },
  )

  it("goes with its tag and date, and heeds the player's If-Range", async () => {
    const lastModified = "Tue, 01 Apr 2025 10:00:00 GMT"
    const streamer = await serving(file, { provider: { lastModified } })
    const url = await streamer.url(await filmTicket(world, 1))
    const { headers, rest } = await ask(url, { range: "bytes=0-9" })
    await rest()
    expect(headers["last-modified"]).toBe(lastModified)
    for (const [ifRange, status] of [
      [headers.etag as string, 206],
      [lastModified, 206],
      ['"other"', 200],
      [`W/${headers.etag}`, 200],
      ["Tue, 01 Apr 2025 10:00:01 GMT", 200],
    ] as const) {
      const answer = await ask(url, { range: "bytes=10-19", "if-range": ifRange })
      expect([ifRange, answer.status]).toEqual([ifRange, status])
      const { body } = await answer.rest()
      expect(body.equals(status === 206 ? file.subarray(10, 20) : file)).toBe(true)
    }
  })

  it("that is asked for with another's If-Range at first is sent whole", async () => {
    const streamer = await serving(file)
    const url = await streamer.url(await filmTicket(world, 1))
    const answer = await ask(url, { range: "bytes=1000000-", "if-range": '"other"' })
    expect(answer.status).toBe(200)
    expect((await answer.rest()).body.equals(file)).toBe(true)
    expect(provider.counts()).toMatchObject({ peak: 1, refused: 0 })
  })

  it("answers HEAD without opening anything, with its size while that is known", async () => {
    const streamer = await serving(file)
    const url = await streamer.url(await filmTicket(world, 1), "mkv")
    const before = await ask(url, {}, "HEAD")
    expect(before.status).toBe(200)
    expect(before.headers).toMatchObject({ "accept-ranges": "bytes", "content-type": "video/x-matroska" })
    expect(before.headers["content-length"]).toBeUndefined()
    expect(provider.asked()).toEqual([])
    await (await ask(url, { range: "bytes=0-9" })).rest()
    const after = await ask(url, { range: "bytes=0-9" }, "HEAD")
    expect(after.status).toBe(200)
    expect(after.headers).toMatchObject({ "content-length": String(size), "content-type": "video/mp4" })
    expect(provider.asked()).toHaveLength(1)
  })

  it("refuses a bad ticket", async () => {
    const streamer = await serving(file)
    const answer = await ask(`${streamer.address}/vod/nonsense.mp4`)
    expect(answer.status).toBe(401)
    expect((await answer.rest()).body.toString()).toContain("bad_ticket")
  })

  it("follows the provider's redirects for each part", async () => {
    const streamer = await serving(file, { provider: { redirect: true } })
    const url = await streamer.url(await filmTicket(world, 1))
    for (const first of [0, 2_000_000]) {
      const answer = await ask(url, { range: `bytes=${first}-` })
      expect((await answer.rest()).body.equals(file.subarray(first))).toBe(true)
    }
    expect(provider.asked().every(({ path }) => path.endsWith("?token=1"))).toBe(true)
  })

  it("of a type that is none of pictures has that of its extension", async () => {
    const streamer = await serving(file, { provider: { contentType: "application/octet-stream" } })
    const answer = await ask(await streamer.url(await filmTicket(world, 1)), { range: "bytes=0-9" })
    expect(answer.headers["content-type"]).toBe("video/mp4")
  })
})

describe("a provider without ranges", () => {
  const habits = { provider: { ranges: false } }

  it("has its file read up to a place that is near", async () => {
    const streamer = await serving(file, habits)
    const url = await streamer.url(await filmTicket(world, 1))
    for (const range of ["bytes=1000000-1000999", `bytes=-${size - 1_000_000}`]) {
      const answer = await ask(url, { range })
      expect(answer.status).toBe(206)
      const expected = range.startsWith("bytes=-")
        ? file.subarray(1_000_000)
        : file.subarray(1_000_000, 1_001_000)
      expect((await answer.rest()).body.equals(expected)).toBe(true)
    }
  })

  it("has its file sent whole where a place is far", async () => {
    const large = fileOf(17 * mebibyte)
    const streamer = await serving(large, habits)
    const url = await streamer.url(await filmTicket(world, 1))
    const answer = await ask(url, { range: `bytes=${large.length - 10}-` })
    expect(answer.status).toBe(200)
    expect(answer.headers["accept-ranges"]).toBe("none")
    expect((await answer.rest()).body.equals(large)).toBe(true)
  })

  it("has the newest request take the place of the one before", async () => {
    const streamer = await serving(fileOf(12 * mebibyte), habits)
    const url = await streamer.url(await filmTicket(world, 1))
    const first = await ask(url, { range: "bytes=0-" })
    const second = await ask(url, { range: "bytes=100-199" })
    expect((await second.rest()).body).toHaveLength(100)
    expect((await first.rest()).isWhole).toBe(false)
    expect(provider.counts()).toMatchObject({ peak: 1, refused: 0 })
  })

  it("and without a size has its file sent as it comes", async () => {
    const streamer = await serving(file, { provider: { ranges: false, sized: false } })
    const answer = await ask(await streamer.url(await filmTicket(world, 1)), { range: "bytes=5-" })
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({ "transfer-encoding": "chunked", "accept-ranges": "none" })
    const { body, isWhole } = await answer.rest()
    expect(isWhole && body.equals(file)).toBe(true)
  })
})

it("a provider that knows no suffixes is asked for the whole", async () => {
  const streamer = await serving(file, { provider: { suffixes: false } })
  const answer = await ask(await streamer.url(await filmTicket(world, 1)), { range: "bytes=-500" })
  expect(answer.status).toBe(206)
  expect((await answer.rest()).body.equals(file.subarray(-500))).toBe(true)
})
