import { describe, expect, it } from "vitest"
import { readConfig } from "./config.ts"

const plain = {
  UPSTASH_REDIS_REST_URL: "https://store.example",
  UPSTASH_REDIS_REST_TOKEN: "token",
  TRIBUTARY_SECRET: "a secret for tests, which is long enough",
  EDGE_URL: "https://tv.example",
  STREAMER_ADDRESS: "http://localhost:8090/",
}
const fleet = {
  ...{ ...plain, STREAMER_ADDRESS: "", STREAMER_DOMAIN: "streams.tv.example" },
  ...{ CLOUDFLARE_ZONE_ID: "023e105f4ecef8ad9ca31a8372d0c353", CLOUDFLARE_API_TOKEN: "secret" },
  ...{ TLS_CERTIFICATE: "/tls/cert.pem", TLS_KEY: "/tls/key.pem" },
}

describe("a streamer's settings", () => {
  it("leave a streamer as it is on one machine: plain HTTP, no name of its own, no draining", () => {
    const read = readConfig({ ...plain, TLS_CERTIFICATE: "", STREAMER_DOMAIN: "" })
    if (!read.ok) throw new Error(read.message)
    expect(read.config).toMatchObject({ STREAMER_ADDRESS: "http://localhost:8090", DRAIN_SECONDS: 0 })
    for (const name of ["TLS_CERTIFICATE", "TLS_KEY", "STREAMER_DOMAIN", "ECS_AGENT_URI"] as const)
      expect(read.config[name]).toBeUndefined()
  })

  it("make it one of a fleet", () => {
    const read = readConfig({ ...fleet, DRAIN_SECONDS: "110" })
    expect(read).toMatchObject({
      ok: true,
      config: { DRAIN_SECONDS: 110, CLOUDFLARE_API_URL: "https://api.cloudflare.com/client/v4" },
    })
  })

  it.each<[Record<string, string>, string]>([
    [{ ...plain, STREAMER_ADDRESS: "" }, "STREAMER_ADDRESS: needed without a STREAMER_DOMAIN"],
    [{ ...fleet, CLOUDFLARE_ZONE_ID: "" }, "CLOUDFLARE_ZONE_ID: needed with STREAMER_DOMAIN"],
    [{ ...fleet, CLOUDFLARE_API_TOKEN: "" }, "CLOUDFLARE_API_TOKEN: needed with STREAMER_DOMAIN"],
    [{ ...fleet, TLS_CERTIFICATE: "", TLS_KEY: "" }, "TLS_CERTIFICATE: needed with STREAMER_DOMAIN"],
    [{ ...plain, TLS_CERTIFICATE: "/cert.pem" }, "TLS_KEY: needed with TLS_CERTIFICATE"],
    [{ ...plain, TLS_KEY: "/key.pem" }, "TLS_CERTIFICATE: needed with TLS_KEY"],
  ])("name what is missing: %#", (environment, message) => {
    expect(readConfig(environment)).toEqual({ ok: false, message })
  })

  it.each([
    ["STREAMER_DOMAIN", "https://streams.tv.example"],
    ["STREAMER_DOMAIN", "10.0.0.1"],
    ["DRAIN_SECONDS", "-1"],
    ["DRAIN_SECONDS", "soon"],
    ["ECS_AGENT_URI", "169.254.170.2"],
    ["PUBLIC_ADDRESS_LOOKUP", "ftp://lookup.example"],
  ])("name what is wrong: %s=%s", (name, value) => {
    const read = readConfig({ ...fleet, [name]: value })
    expect(read).toMatchObject({ ok: false, message: expect.stringMatching(`^${name}: `) })
  })
})
