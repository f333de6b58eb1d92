import { verifyLogoTicket } from "@tributary/shared/ticket"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ask, askAt, errorCode, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { registerStreamer, secretKeys, setStore } from "../test-support/store.ts"

beforeEach(async () => {
  await startAfresh()
  await publishChannels("1", [
    { id: "101", name: "News", ownLogo: true },
    { id: "102", name: "Public logo" },
  ])
})
afterEach(() => setStore("pass"))

describe("a logo that is served by us", () => {
  it("is a redirect to the streamer with fewest viewers, by a ticket for this channel's logo", async () => {
    await registerStreamer("busy", { viewers: 9 })
    await registerStreamer("calm", { viewers: 1 })
    await registerStreamer("leaving", { viewers: 0, draining: true })
    const response = await ask("/logo/101")
    expect(response.status).toBe(302)
    const location = response.headers.get("location") ?? ""
    expect(location).toMatch(/^https:\/\/calm\.streamers\.example\/logo\//)
    expect(location).not.toContain("provider")
    const ticket = location.slice(location.lastIndexOf("/") + 1)
    expect(await verifyLogoTicket(secretKeys, ticket, Date.now() / 1000)).toBe("101")
  })

  it("is at a streamer of the scheme that the player came by", async () => {
    await registerStreamer("one", { viewers: 9 })
    await registerStreamer("plain", { address: "http://plain.streamers.example" })
    const locationAt = async (base: string) => (await askAt(base, "/logo/101")).headers.get("location")
    expect(await locationAt("https://tv.example")).toMatch(/^https:\/\/one\./)
    expect(await locationAt("http://192.168.1.2")).toMatch(/^http:\/\/plain\./)
    await registerStreamer("plain", { address: "https://plain.streamers.example" })
    const response = await askAt("http://192.168.1.2", "/logo/101")
    expect(response.status).toBe(503)
    expect(await response.text()).toContain("No streamer is reachable over http ")
  })

  it.each(["/logo/102", "/logo/999", "/logo/constructor"])("is not there at %s", async (path) => {
    await registerStreamer("one")
    const response = await ask(path)
    expect(response.status).toBe(404)
    expect(await errorCode(response)).toBe("not_found")
  })

  it("waits for a streamer", async () => {
    const response = await ask("/logo/101")
    expect(response.status).toBe(503)
    expect(response.headers.has("retry-after")).toBe(true)
    expect(await errorCode(response)).toBe("no_streamer")
  })

  it("answers 503 while the store is away", async () => {
    await setStore("refuse")
    const response = await ask("/logo/101")
    expect(response.status).toBe(503)
    expect(await errorCode(response)).toBe("store_unavailable")
  })
})
