import { beforeAll, describe, expect, it } from "vitest"
import { ask, errorCode, publishChannels, startAfresh } from "./test-support/edge-under-test.ts"
import { addSources, addViewers, registerStreamer } from "./test-support/store.ts"

const login = "username=ann&password=secret"

beforeAll(async () => {
  await startAfresh()
  await addViewers({ username: "ann", password: "secret" })
  await addSources({ id: "acme", type: "m3u", url: "http://provider.example/list.m3u" })
  await registerStreamer("one")
  await publishChannels("1", [{ id: "101", name: "News", groups: ["World"], ownLogo: true }])
})

describe("a path that nothing is at", () => {
  it.each([
    ["GET", "/nothing"],
    ["GET", "/stream/"],
    ["GET", "/stream/a/b"],
    ["POST", "/playlist.m3u8"],
    ["DELETE", "/stream/101"],
    ["GET", "//playlist.m3u8/x"],
  ])("answers %s %s with 404 in JSON", async (method, path) => {
    const response = await ask(path, { method })
    expect(response.status).toBe(404)
    expect(response.headers.get("content-type")).toBe("application/json")
    expect(await errorCode(response)).toBe("not_found")
  })
})

describe("HEAD", () => {
  it.each([
    "/health",
    `/playlist.m3u8?${login}`,
    `/World/playlist.m3u8?${login}`,
    `/stream/101.ts?${login}`,
    `/stream/unknown?${login}`,
    "/playlist.m3u8",
    `/guide.xml?${login}`,
    `/guide.xml.gz?${login}`,
    `/xmltv.php?${login}`,
    "/guide.xml",
    "/logo/101",
    "/nothing",
  ])("answers %s as GET does, without a body", async (path) => {
    const get = await ask(path)
    const head = await ask(path, { method: "HEAD" })
    await get.body?.cancel()
    expect(head.status).toBe(get.status)
    for (const name of ["content-type", "etag", "cache-control", "content-encoding"])
      expect(head.headers.get(name)).toBe(get.headers.get(name))
    expect(await head.text()).toBe("")
  })
})

describe("a strange path", () => {
  const long = "x".repeat(16_000)
  const odd = ["%", "%E0%A4%A", "%00", "%FF%FE", "%2e%2e%2f", "%25%32%35", "__proto__", "constructor", long]

  it.each(odd.map((text) => [text.slice(0, 20), text]))("is never a failure: %s", async (_, text) => {
    for (const path of [
      `/${text}`,
      `/stream/${text}?${login}`,
      `/logo/${text}`,
      `/${text}/playlist.m3u8?${login}`,
      `/playlist.m3u8?${login}&output=${text}`,
      `/playlist.m3u8?username=${text}&password=${text}`,
      `/playlist.m3u8?${login}&type=${text}`,
      `/xmltv.php?username=${text}&password=${text}`,
    ]) {
      const response = await ask(path)
      expect([400, 401, 404], path.slice(0, 60)).toContain(response.status)
      expect(await response.json()).toMatchObject({ error: { code: expect.any(String) } })
    }
  })
})

describe("a failure inside", () => {
  it("is answered without its details, in JSON", async () => {
    const { env } = await import("cloudflare:workers")
    const { edgeOf } = await import("./edge.ts")
    await env.SNAPSHOTS.put("current.json", '{"snapshot": http://provider.example/')
    const { snapshots } = await edgeOf(env)
    snapshots.forget()
    const response = await ask(`/playlist.m3u8?${login}`)
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(JSON.parse(text)).toEqual({ error: { code: "internal", message: expect.any(String) } })
    expect(text).not.toMatch(/provider|JSON|\.ts\b|token/)
  })
})
