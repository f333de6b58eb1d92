import { env } from "cloudflare:workers"
import { keys } from "@tributary/shared/store/keys"
import { afterEach, beforeAll, describe, expect, it } from "vitest"
import { readBindings } from "../../bindings.ts"
import { ask, startAfresh } from "../../test-support/edge-under-test.ts"
import { addViewers, redis, setStore, storeContents } from "../../test-support/store.ts"
import { admin } from "../admin.ts"
import { askAsAdmin } from "../admin-fixture.ts"

beforeAll(async () => {
  await startAfresh()
  await addViewers({ username: "ann", password: "secret" })
})
afterEach(() => setStore("pass"))

async function forgetTries(): Promise<void> {
  const counted = Object.keys(await storeContents()).filter((key) => key.startsWith("token-tries:"))
  if (counted.length > 0) await redis.del(...counted)
}

const admins = admin.routes.filter(
  ({ method, path }) => method !== "ALL" && !/^\/(?:session|openapi)/.test(path),
)
const paths = [
  ...new Set(
    admins.map(({ method, path }) => `${method} /api${path.replaceAll(/:\w+(?:\{[^}]*\})?/g, "x")}`),
  ),
  "GET /api/nothing",
].map((route) => route.split(" ") as [method: string, path: string])

describe("the admin API", () => {
  it.each(paths)("lets %s %s pass only with the token", async (method, path) => {
    const before = await storeContents()
    // As many wrong tokens may come from one address in a minute.
    const address = `${method} ${path}`
    for (const authorization of [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      "Bearer wrong",
      `Bearer ${env.ADMIN_TOKEN}x`,
      `Bearer ${env.ADMIN_TOKEN.slice(0, -1)}`,
      `Basic ${btoa(`ann:${env.ADMIN_TOKEN}`)}`,
      `Basic ${btoa("ann:secret")}`,
      env.ADMIN_TOKEN,
    ]) {
      const response = await ask(`${path}?username=ann&password=secret&token=${env.ADMIN_TOKEN}`, {
        method,
        headers: { "cf-connecting-ip": address, ...(authorization === undefined ? {} : { authorization }) },
      })
      expect(response.status, authorization).toBe(401)
      expect(response.headers.get("cache-control")).toBe("no-store")
      expect(await response.json()).toEqual({
        error: { code: "unauthorized", message: expect.stringMatching(/token/i) },
      })
    }
    const after = Object.entries(await storeContents()).filter(([key]) => !key.startsWith("token-tries:"))
    expect(Object.fromEntries(after)).toEqual(before)
    await forgetTries()
  })

  it("takes the token however the scheme is written", async () => {
    for (const scheme of ["Bearer", "bearer", "BEARER  "]) {
      const headers = { authorization: `${scheme} ${env.ADMIN_TOKEN}` }
      const response = await ask("/api/imports", { headers })
      expect(response.status).toBe(200)
      expect(response.headers.get("cache-control")).toBe("no-store")
      await response.body?.cancel()
    }
  })

  it("says in JSON that there is nothing at other paths", async () => {
    for (const [path, method] of [
      ["/nothing", "GET"],
      ["", "GET"],
      ["/imports", "DELETE"],
      ["/channels", "POST"],
    ] as const) {
      const response = await askAsAdmin(path, method)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ error: { code: "not_found" } })
    }
  })

  it("says that the store is away, without its address", async () => {
    await setStore("refuse")
    for (const [path, method, body] of [
      ["/imports", "GET"],
      ["/epg", "GET"],
      ["/sources/acme/import", "POST"],
      ["/imports/publish", "POST"],
      ["/channels/123456789", "PATCH", { name: "x" }],
    ] as const) {
      const response = await askAsAdmin(path, method, body)
      expect(response.status).toBe(503)
      const text = await response.text()
      expect(text).not.toMatch(/127|http|redis/i)
      expect(JSON.parse(text)).toMatchObject({ error: { code: "store_unavailable" } })
    }
  })

  it("takes no endless body", async () => {
    for (const [length, status, code, message] of [
      [1024 * 1024 + 1, 413, "too_large", "The body has more than 1048576 bytes."],
      [1024 * 1024, 400, "bad_request", "name: must be one line of text"],
    ] as const) {
      const response = await askAsAdmin("/channels/123456789", "PATCH", '{"name":" "}'.padEnd(length))
      expect(response.status).toBe(status)
      expect(await response.json()).toEqual({ error: { code, message } })
    }
    expect(await redis.exists(keys.edits)).toBe(0)
  })
})

describe("the edge", () => {
  it("does not run without an admin token", () => {
    expect(() => readBindings({ ...env, ADMIN_TOKEN: "" })).toThrow("ADMIN_TOKEN")
    const { ADMIN_TOKEN: _, ...without } = env
    expect(() => readBindings(without as typeof env)).toThrow("ADMIN_TOKEN")
  })
})
