import { log } from "@tributary/shared/log/log"
import { describe, expect, it } from "vitest"
import { type ApiRequest, startApi } from "../metadata/test-api.ts"
import { AddressName } from "./address-name.ts"
import { CloudflareRecords } from "./cloudflare-records.ts"
import { recordName } from "./record-name.ts"

const record = { name: "a1b2c3d4.streams.example", address: "52.59.1.2" }
const body = {
  ...{ type: "A", name: record.name, content: record.address, ttl: 60, proxied: false },
  comment: "tributary streamer",
}
const done = (result: unknown) => ({ status: 200, body: { success: true, errors: [], messages: [], result } })
const refused = (status: number, code: number, message: string) => ({
  ...{ status, body: { success: false, errors: [{ code, message }], messages: [], result: null } },
})

/** A zone as Cloudflare keeps it. */
function zone(records: Map<string, string>) {
  let made = 0
  return ({ method, path, body: sent }: ApiRequest) => {
    const id = /dns_records\/(\w+)$/.exec(path)?.[1] ?? null
    const content = (sent as { content: string } | null)?.content ?? ""
    if (method === "GET")
      return done([...records].map(([known, address]) => ({ id: known, content: address })))
    if (id !== null && !records.has(id)) return refused(404, 81044, "Record does not exist.")
    if (method === "POST" && [...records.values()].includes(content))
      return refused(400, 81058, "An identical record already exists.")
    if (method === "DELETE") records.delete(id ?? "")
    else records.set(id ?? `r${++made}`, content)
    return done({ id: id ?? `r${made}` })
  }
}

const nameAt = (url: string, delays = [1, 1, 1]) =>
  new AddressName({
    records: new CloudflareRecords({
      ...{ ask: fetch, url: `${url}/client/v4`, zone: "zone1", token: "secret", answerMilliseconds: 200 },
    }),
    ...{ logger: log("test", "dns"), delays },
  })

describe("a streamer's name", () => {
  it("leads to its address by a record of DNS only, and is gone with it", async () => {
    const records = new Map<string, string>()
    const api = await startApi(zone(records))
    const name = nameAt(api.url)
    expect(await name.point(record)).toBeNull()
    expect([...records.values()]).toEqual([record.address])
    const [, created] = api.requests
    expect(created).toMatchObject({ method: "POST", path: "/client/v4/zones/zone1/dns_records", body })
    expect(created?.headers.authorization).toBe("Bearer secret")
    await name.close()
    expect(records.size).toBe(0)
    await name.close()
    expect(api.requests).toHaveLength(3)
  })

  it("leads to nothing else, whatever was there before", async () => {
    const records = new Map([
      ["old", "1.1.1.1"],
      ["older", "2.2.2.2"],
    ])
    const api = await startApi(zone(records))
    expect(await nameAt(api.url).point(record)).toBeNull()
    expect([...records]).toEqual([["old", record.address]])
  })

  it.each([
    ["asks for patience", { ...refused(429, 10429, "Rate limited."), headers: { "retry-after": "0" } }],
    ["fails", refused(502, 10000, "Bad gateway")],
    ["is no API just now", { status: 200, body: "<html>" }],
    ["does not answer", "silence" as const],
  ])("is made all the same when the API %s at first", async (_, fault) => {
    const records = new Map<string, string>()
    const api = await startApi(fault, fault, zone(records))
    expect(await nameAt(api.url).point(record)).toBeNull()
    expect([...records.values()]).toEqual([record.address])
  })

  it("is made once when the answer to its making is lost", async () => {
    const records = new Map<string, string>()
    const answer = zone(records)
    const lost = (request: ApiRequest) => ({ ...answer(request), status: 504, body: "" })
    const api = await startApi(answer, lost, answer)
    expect(await nameAt(api.url).point(record)).toBeNull()
    expect([...records]).toEqual([["r1", record.address]])
  })

  it("is given up at once where the API refuses, with its words", async () => {
    const api = await startApi(refused(403, 10000, "Authentication error"))
    expect(await nameAt(api.url).point(record)).toBe("Authentication error (10000)")
    expect(api.requests).toHaveLength(1)
  })

  it("is given up in the end where the API goes on failing", async () => {
    const api = await startApi({ status: 503, body: "" })
    expect(await nameAt(api.url).point(record)).toBe("it answers 503")
    expect(api.requests).toHaveLength(4)
  })

  it("that is gone already counts as removed, and one that cannot be removed ends nothing", async () => {
    const records = new Map<string, string>()
    const api = await startApi(zone(records))
    const name = nameAt(api.url)
    await name.point(record)
    records.clear()
    await name.close()
    const broken = nameAt("http://127.0.0.1:1")
    await broken.point(record)
    await broken.close()
  })
})

describe("a streamer's host name", () => {
  it.each([
    ["a1b2c3d4", "a1b2c3d4.tv.example"],
    ["-a", null],
    ["a_b", null],
    ["a.b", null],
    ["A", null],
    ["", null],
    ["x".repeat(64), null],
  ])("of %j is %j", (id, name) => expect(recordName(id, "tv.example")).toBe(name))

  it("is none that is too long", () => expect(recordName("a", `${"b".repeat(250)}.example`)).toBeNull())
})
