import { type GuideRow, guideRowsSchema } from "@tributary/shared/admin-api/epg"
import { readEpg, saveEpg } from "@tributary/shared/store/epg"
import { guideJob, keys, publishJob } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import {
  forgetCalls,
  redis,
  registerStreamer,
  secretKeys,
  setStore,
  storeContents,
  streamerCalls,
} from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

const [a, b, c] = [
  "http://user:s3cret@a.example:8443/x?key=s3cret",
  "https://b.example/s3cret.xml",
  "http://c.example/",
] as const

beforeEach(async () => {
  await startAfresh()
  await saveEpg(redis, secretKeys, [{ url: a }, { url: b }])
  await redis.del(keys.importsDue)
})

async function ask<Body = GuideRow>(where: string, method = "GET", body?: unknown) {
  const response = await askAsAdmin(`/epg${where}`, method, body)
  const text = await response.text()
  expect(text).not.toContain("s3cret")
  return { status: response.status, body: JSON.parse(text) as Body }
}
const rows = async () => guideRowsSchema.parse((await ask("")).body)
const idAt = async (position: number) => (await rows())[position - 1]?.id ?? ""
const urls = async () => (await readEpg(redis, secretKeys)).map(({ url }) => url)
const due = async () => (await redis.zrange<string[]>(keys.importsDue, 0, -1)).join()
const version = async () => Number(await redis.get(keys.configVersion))

/** What is refused, with nothing changed. */
async function refusal(where: string, method: string, body?: unknown) {
  const before = await storeContents()
  const answer = await ask<{ error: { code: string; message: string } }>(where, method, body)
  expect(await storeContents()).toEqual(before)
  return [answer.status, answer.body.error.code, answer.body.error.message]
}
const taken = [409, "conflict", "url: there is a guide with this address already"]

describe("GET /api/epg", () => {
  it("lists the guides in their order, masked, each with an id that stays", async () => {
    const list = await rows()
    expect(list).toEqual([
      {
        id: expect.stringMatching(/^[\da-f]{12}$/),
        url: "http://a.example:8443/…",
        origin: "file",
        position: 1,
      },
      { id: expect.stringMatching(/^[\da-f]{12}$/), url: "https://b.example/…", origin: "file", position: 2 },
    ])
    await saveEpg(redis, secretKeys, [{ url: b }, { url: a }])
    expect((await rows()).map(({ id }) => id)).toEqual([list[1]?.id, list[0]?.id])
  })

  it("is empty without any, and says that the store is away", async () => {
    await saveEpg(redis, secretKeys, [])
    expect(await rows()).toEqual([])
    await setStore("refuse")
    expect(await ask("")).toMatchObject({ status: 503, body: { error: { code: "store_unavailable" } } })
  })
})

describe("POST /api/epg", () => {
  it("adds one at the end, has it imported at once, and keeps it at the next start", async () => {
    await registerStreamer("one")
    await forgetCalls()
    const before = await version()
    const answer = await ask("", "POST", { url: c })
    expect(answer).toMatchObject({
      ...{ status: 201, body: { url: "http://c.example/…", origin: "api", position: 3 } },
    })
    expect([await urls(), await due(), await version()]).toEqual([[a, b, c], guideJob(null), before + 1])
    expect((await streamerCalls()).map(({ path }) => path)).toEqual([
      expect.stringContaining("/internal/imports"),
    ])
    await saveEpg(redis, secretKeys, [{ url: b }])
    expect(await urls()).toEqual([b, c])
  })

  it.each([
    ["an address that is there", { url: b }, taken],
    ["no address", {}, [400, "bad_request", "url: is missing"]],
    [
      "a file's",
      { url: "file:///etc/passwd" },
      [400, "bad_request", "url: must be an http:// or https:// URL"],
    ],
    [
      "a mask",
      { url: "http://a.example/…" },
      [400, "bad_request", expect.stringContaining("url: is what is shown")],
    ],
    ["an id", { url: c, id: "x" }, [400, "bad_request", "id: unknown key"]],
    ["no JSON", "{", [400, "bad_request", "The body is not JSON."]],
  ])("refuses %s, naming it", async (_, body, answer) => {
    expect(await refusal("", "POST", body)).toEqual(answer)
  })

  it("takes one of each address, whoever asks at the same time", async () => {
    const answers = await Promise.all([c, c, "http://d.example/"].map((url) => ask("", "POST", { url })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409])
    expect(new Set(await urls())).toEqual(new Set([a, b, c, "http://d.example/"]))
  })
})

describe("PATCH /api/epg/{id}", () => {
  it("gives one another address in its place", async () => {
    const { status, body } = await ask(`/${await idAt(1)}`, "PATCH", { url: c })
    expect([status, body.position, body.origin, body.id]).toEqual([200, 1, "file", await idAt(1)])
    expect([await urls(), await due()]).toEqual([[c, b], guideJob(null)])
  })

  it("changes nothing when it gives none, or the same", async () => {
    const id = await idAt(1)
    const before = await version()
    expect(await ask(`/${id}`, "PATCH", {})).toMatchObject({ status: 200, body: { id, position: 1 } })
    expect(await ask(`/${id}`, "PATCH", { url: a })).toMatchObject({ status: 200, body: { id } })
    expect([await version(), await due()]).toEqual([before, ""])
  })

  it("refuses another's address, a mask, and one that is not there", async () => {
    const id = await idAt(1)
    expect(await refusal(`/${id}`, "PATCH", { url: b })).toEqual(taken)
    expect((await refusal(`/${id}`, "PATCH", { url: "http://a.example/…" }))[0]).toBe(400)
    expect(await refusal("/none", "PATCH", { url: c })).toEqual([
      404,
      "not_found",
      'There is no guide "none".',
    ])
  })
})

describe("DELETE /api/epg/{id}", () => {
  it("deletes one; with the last one their import goes, and a snapshot is due", async () => {
    expect(await ask(`/${await idAt(1)}`, "DELETE")).toEqual({ status: 200, body: { deleted: true } })
    expect([await urls(), await due()]).toEqual([[b], guideJob(null)])
    await redis.hset(keys.importsStatus, { [guideJob(null)]: "{}", acme: "{}" })
    await ask(`/${await idAt(1)}`, "DELETE")
    expect([await urls(), await due(), await redis.hkeys(keys.importsStatus)]).toEqual([
      [],
      publishJob,
      ["acme"],
    ])
    expect(await refusal("/none", "DELETE")).toEqual([404, "not_found", 'There is no guide "none".'])
  })
})

describe("PUT /api/epg/order", () => {
  it("puts them in this order", async () => {
    const ids = [await idAt(2), await idAt(1)]
    const { status, body } = await ask<GuideRow[]>("/order", "PUT", { ids })
    expect([status, body.map(({ id }) => id), body.map(({ position }) => position)]).toEqual([
      200,
      ids,
      [1, 2],
    ])
    expect([await urls(), await due()]).toEqual([[b, a], guideJob(null)])
  })

  it("refuses what is not every one of them once", async () => {
    const [first, second] = [await idAt(1), await idAt(2)]
    expect(await refusal("/order", "PUT", { ids: [second] })).toEqual([
      ...[409, "conflict", `ids: "${first}" is missing`],
    ])
    expect(await refusal("/order", "PUT", { ids: [second, "x", first] })).toEqual([
      ...[400, "bad_request", 'ids[1]: there is no guide "x"'],
    ])
    expect(await refusal("/order", "PUT", { ids: "x" })).toEqual([400, "bad_request", "ids: must be a list"])
  })
})
