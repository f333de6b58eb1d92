import { env } from "cloudflare:workers"
import { dashboardPages } from "@tributary/shared/admin-api/pages"
import { beforeEach, describe, expect, it } from "vitest"
import { ask, startAfresh } from "../test-support/edge-under-test.ts"
import { registerStreamer, setStore } from "../test-support/store.ts"
import { noncePlaceholder } from "./nonce-placeholder.ts"

beforeEach(startAfresh)

const policyOf = (response: Response) => response.headers.get("content-security-policy") ?? ""
const nonceOf = (response: Response) => /'nonce-([^']+)'/.exec(policyOf(response))?.[1] ?? ""

describe("a page of the dashboard", () => {
  it.each(dashboardPages)("%s is the built document, with a nonce of its own", async (page) => {
    const [one, other] = await Promise.all([ask(page), ask(page)])
    expect(one.status).toBe(200)
    expect(one.headers.get("content-type")).toBe("text/html; charset=utf-8")
    const html = await one.text()
    expect(html).not.toContain(noncePlaceholder)
    expect(html).toContain(`nonce="${nonceOf(one)}"`)
    expect(nonceOf(one)).toMatch(/^[\w+/]{24}$/)
    expect(nonceOf(one)).not.toBe(nonceOf(other))
  })

  it("may run scripts of this host only, and be shown in no other page", async () => {
    const policy = policyOf(await ask("/"))
    expect(policy).toMatch(/(?:^|; )script-src 'self'(?:;|$)/)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain("unsafe")
  })

  it("may fetch streams from the streamers that run, and is there while the store is away", async () => {
    await registerStreamer("one")
    expect(policyOf(await ask("/"))).toContain("connect-src 'self' https://one.streamers.example;")
    await setStore("refuse")
    const response = await ask("/")
    expect(response.status).toBe(200)
    expect(policyOf(response)).toContain("connect-src 'self';")
  })

  it("is not to be had without its policy", async () => {
    const response = await ask("/index.html")
    expect([response.status, response.headers.get("location")]).toEqual([302, "/"])
  })

  it("has its scripts as they were built", async () => {
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await (await ask("/")).text())?.[1] ?? ""
    const response = await env.ASSETS.fetch(`${env.BASE_URL}${script}`)
    expect(response.status).toBe(200)
    expect(response.headers.get("content-type")).toContain("javascript")
  })
})
