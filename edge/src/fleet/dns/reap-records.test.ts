import { keys } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { dnsCalls, dnsNames, edgeWith, setDns } from "../../test-support/fleet.ts"
import { redis, registerStreamer } from "../../test-support/store.ts"
import { reapRecords } from "./reap-records.ts"

beforeEach(async () => {
  await startAfresh()
  await registerStreamer("alive")
})

const name = (streamer: string) => `${streamer}.streams.tv.example`
const reap = async (bindings: Parameters<typeof edgeWith>[1] = {}, timeoutMilliseconds?: number) =>
  reapRecords(await edgeWith([], bindings), Date.now(), timeoutMilliseconds)

describe("DNS records of streamers that are gone", () => {
  it("are deleted, and no others", async () => {
    await setDns([
      { name: name("gone") },
      { name: name("alive") },
      { name: name("new"), age: 290 },
      { name: name("old"), age: 310 },
      { name: name("by-hand"), comment: null },
      { name: name("by-another"), comment: "tributary streamer of the club" },
      { name: "gone.streams.other.example" },
      { name: "streams.tv.example" },
    ])
    expect(await reap()).toEqual({ code: "done", deleted: ["gone", "old"] })
    expect(await dnsNames()).toEqual([
      ...[name("alive"), name("new"), name("by-hand"), name("by-another")],
      ...["gone.streams.other.example", "streams.tv.example"],
    ])
  })

  it("are found on all pages", async () => {
    const records = Array.from({ length: 7 }, (_, at) => ({ name: name(at === 3 ? "alive" : `gone-${at}`) }))
    await setDns(records, { recordsPerPage: 3 })
    expect(await reap()).toMatchObject({ deleted: expect.arrayContaining(["gone-0", "gone-6"]) })
    expect(await dnsNames()).toEqual([name("alive")])
  })

  it("are deleted twenty in a minute", async () => {
    await setDns(Array.from({ length: 25 }, (_, at) => ({ name: name(`gone-${at}`) })))
    await reap()
    expect(await dnsNames()).toHaveLength(5)
    await reap()
    expect(await dnsNames()).toEqual([])
  })

  it("stay while a store that lost its data is told again who runs", async () => {
    await setDns([{ name: name("gone") }])
    await redis.set(keys.recovering, "empty", { px: 5_000 })
    expect(await reap()).toEqual({ code: "not_asked" })
    await redis.flushdb()
    expect(await reap()).toEqual({ code: "not_asked" })
    expect(await dnsNames()).toEqual([name("gone")])
  })

  it("are not asked for without a domain", async () => {
    const edge = await edgeWith([])
    await setDns([{ name: name("gone") }])
    const { STREAMER_DOMAIN: _, ...config } = edge.config
    expect(await reapRecords({ ...edge, config }, Date.now())).toEqual({ code: "not_asked" })
    expect(await dnsCalls()).toEqual([])
  })
})

describe("when Cloudflare's API fails", () => {
  it.each([
    ["throttled", { code: "throttled", retryAfterSeconds: 120 }],
    ["unavailable", { code: "failed", status: 503 }],
    ["not_json", { code: "failed", status: null }],
  ])("as %s, nothing is deleted", async (fault, failure) => {
    await setDns([{ name: name("gone") }], { fault })
    expect(await reap()).toEqual({ code: "failed", failure, deleted: [] })
    expect(await dnsCalls()).toHaveLength(1)
    expect(await dnsNames()).toEqual([name("gone")])
  })

  it("while it deletes, the rest is left for the next minute", async () => {
    await setDns([{ name: name("gone") }, { name: name("too") }], { fault: "throttled", method: "DELETE" })
    expect(await reap()).toMatchObject({ code: "failed", failure: { code: "throttled" }, deleted: [] })
    expect(await dnsCalls()).toHaveLength(2)
  })

  it("by not answering, it is not waited for longer than it may take", async () => {
    await setDns([], { fault: "hang" })
    const startedAt = Date.now()
    expect(await reap({}, 300)).toMatchObject({ failure: { code: "slow" } })
    expect(Date.now() - startedAt).toBeLessThan(2_000)
  })

  it("to take the token, it says so", async () => {
    await setDns([{ name: name("gone") }])
    expect(await reap({ CLOUDFLARE_API_TOKEN: "wrong" })).toMatchObject({
      failure: { code: "refused", status: 403 },
    })
  })

  it("by not being there, it is as any failure", async () => {
    expect(await reap({ CLOUDFLARE_API_URL: "http://127.0.0.1:1" })).toMatchObject({
      failure: { code: "failed", status: null },
    })
  })
})
