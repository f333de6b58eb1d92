import type { ProfileRow } from "@tributary/shared/admin-api/sources"
import { keys } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { addSources, redis, storeContents } from "../../test-support/store.ts"
import { askMasked } from "./profiles-fixture.ts"

const later = 9e12
const login = { username: "panel-user", password: "s3cret" }

beforeEach(async () => {
  await startAfresh()
  const profiles = ["b", "c"].map((id) => ({ id, name: id, ...login }))
  await addSources({ id: "acme", type: "xtream", url: "http://panel.example", ...login, profiles })
  await redis.hset(keys.reports("acme"), { primary: "{}", b: "{}", c: "{}" })
  await redis.zadd(keys.importsDue, { score: later, member: "acme" })
})

const path = "/sources/acme/profiles/order"

describe("PUT …/profiles/order", () => {
  it("has the profiles tried in this order, the primary where it stands", async () => {
    const before = Number(await redis.get(keys.configVersion))
    const { status, body } = await askMasked<ProfileRow[]>(path, "PUT", { ids: ["c", "b", "primary"] })
    expect(status).toBe(200)
    expect(body).toEqual((await askMasked("/sources/acme/profiles")).body)
    expect(body.map(({ id, priority }) => [id, priority])).toEqual([
      ["primary", 2],
      ["b", 1],
      ["c", 0],
    ])
    expect((await askMasked<{ profiles: object[] }>("/sources/acme/pool")).body.profiles).toMatchObject([
      ...[{ id: "c" }, { id: "b" }, { id: "primary", primary: true }],
    ])
    expect(Number(await redis.get(keys.configVersion))).toBe(before + 1)
    expect(await redis.hlen(keys.reports("acme"))).toBe(3)
    expect(Number(await redis.zscore(keys.importsDue, "acme"))).toBe(later)
  })

  it.each([
    [["b", "none"], 400, "bad_request", 'ids[1]: there is no profile "none"'],
    [["b", "b"], 400, "bad_request", 'ids[1]: "b" is a duplicate'],
    [["b", "c"], 409, "conflict", 'ids: "primary" is missing'],
    ["b", 400, "bad_request", "ids: must be a list"],
    [undefined, 400, "bad_request", "ids: is missing"],
  ])("says what is wrong with %j, and changes nothing", async (ids, status, code, message) => {
    const before = await storeContents()
    expect(await askMasked(path, "PUT", { ids })).toEqual({ status, body: { error: { code, message } } })
    expect(await storeContents()).toEqual(before)
  })
})
