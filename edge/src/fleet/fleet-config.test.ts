import { env } from "cloudflare:workers"
import { describe, expect, it } from "vitest"
import { readBindings } from "../bindings.ts"
import { fleet } from "../test-support/fleet.ts"

const user = { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "secret" }
const read = (fleets: unknown) => readBindings({ ...env, ...user, FLEET: JSON.stringify(fleets) })

describe("the setting FLEET", () => {
  it("is a list of fleets, and may be left out", () => {
    expect(read([fleet, { ...fleet, name: "na", continent: "NA" }]).FLEET).toMatchObject([
      { name: "eu", continent: "EU" },
      { name: "na", continent: "NA" },
    ])
    expect(readBindings(env)).not.toHaveProperty("FLEET")
  })

  it.each([
    [[{ ...fleet, maximum: 0 }], /^FLEET\[0\]\.maximum: /],
    [[{ ...fleet, minimum: 21 }], /^FLEET\[0\]\.minimum: must be at most the maximum$/],
    [[fleet, { ...fleet, continent: "Europe" }], /^FLEET\[1\]\.continent: /],
    [[fleet, { ...fleet, awsRegion: "EU" }], /^FLEET\[1\]\.awsRegion: must be like eu-central-1$/],
    [[fleet, fleet], /^FLEET\[1\]\.name: "eu" is taken by another fleet$/],
    [[{ ...fleet, name: "a/b" }], /^FLEET\[0\]\.name: /],
    [[{ ...fleet, viewersPerTask: 0 }], /^FLEET\[0\]\.viewersPerTask: /],
    [[{ ...fleet, tasks: 1 }], /^FLEET\[0\]\.tasks: unknown key$/],
    [fleet, /^FLEET: /],
  ])("is refused with the path of what is wrong: %j", (fleets, message) => {
    expect(() => read(fleets)).toThrow(message)
  })

  it("has to be JSON", () => {
    expect(() => readBindings({ ...env, ...user, FLEET: "eu" })).toThrow(/^FLEET: must be JSON$/)
  })
})

describe("settings that need each other", () => {
  it("are told by the one that is missing", () => {
    const fleets = JSON.stringify([fleet])
    expect(() => readBindings({ ...env, FLEET: fleets, AWS_ACCESS_KEY_ID: "AKIATEST" })).toThrow(
      "AWS_SECRET_ACCESS_KEY: must be set, because FLEET is",
    )
    expect(() => readBindings({ ...env, STREAMER_DOMAIN: "streams.tv.example" })).toThrow(
      "CLOUDFLARE_API_TOKEN: must be set, because STREAMER_DOMAIN is",
    )
  })
})
