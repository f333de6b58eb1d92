import { log } from "@tributary/shared/log/log"
import { describe, expect, it } from "vitest"
import { readConfig } from "../config.ts"
import { addressOf, joinFleet } from "./join-fleet.ts"
import { type ApiAnswer, startApi } from "./metadata/test-api.ts"

const arn = "arn:aws:ecs:eu-central-1:111122223333:task/tributary/8f03e41243824aea923aca126495f665"
const metadata: ApiAnswer = { status: 200, body: { TaskARN: arn, Containers: [] } }
const lookup: ApiAnswer = { status: 200, body: "52.59.1.2\n" }
const cloudflare: ApiAnswer = ({ method }) => {
  const result = method === "GET" ? [] : { id: "r1" }
  return { status: 200, body: { success: true, errors: [], result } }
}

/** A streamer of a fleet, whose surroundings answer so. */
async function joining(answers: { metadata?: ApiAnswer; lookup?: ApiAnswer; cloudflare?: ApiAnswer } = {}) {
  const [agent, lookedUp, zone] = await Promise.all([
    startApi(answers.metadata ?? metadata),
    startApi(answers.lookup ?? lookup),
    startApi(answers.cloudflare ?? cloudflare),
  ])
  const read = readConfig({
    ...{ UPSTASH_REDIS_REST_URL: "https://store.example", UPSTASH_REDIS_REST_TOKEN: "token" },
    ...{ TRIBUTARY_SECRET: "a secret for tests, which is long enough", EDGE_URL: "https://tv.example" },
    ...{ STREAMER_DOMAIN: "streams.tv.example", TLS_CERTIFICATE: "/cert.pem", TLS_KEY: "/key.pem" },
    ...{ CLOUDFLARE_ZONE_ID: "zone1", CLOUDFLARE_API_TOKEN: "secret", CLOUDFLARE_API_URL: zone.url },
    ...{ PUBLIC_ADDRESS_LOOKUP: lookedUp.url, ECS_CONTAINER_METADATA_URI_V4: agent.url },
  })
  if (!read.ok) throw new Error(read.message)
  const result = await joinFleet({
    ...{ config: read.config, streamer: "a1b2c3d4", port: 8090, ask: fetch },
    ...{ logger: log("test", "task"), patience: { delays: [], answerMilliseconds: 500 }, delays: [1] },
  })
  return { result, config: read.config, agent, lookedUp, zone }
}

describe("a streamer that joins a fleet", () => {
  it("is found by a name of its own, at the address that others see, and knows its task", async () => {
    const { result, zone } = await joining()
    if (!result.ok) throw new Error(result.message)
    const { address, task } = result.member
    expect({ address, task }).toEqual({ address: "https://a1b2c3d4.streams.tv.example:8090", task: arn })
    expect(zone.requests.at(-1)?.body).toMatchObject({
      ...{ name: "a1b2c3d4.streams.tv.example", content: "52.59.1.2", proxied: false },
    })
    await result.member.close()
    expect(zone.requests.at(-1)).toMatchObject({ method: "DELETE", path: "/zones/zone1/dns_records/r1" })
  })

  it("asks nobody for the address that its task's metadata tell", async () => {
    const Containers = [{ Networks: [{ NetworkMode: "host", IPv4Addresses: ["18.1.2.3"] }] }]
    const { lookedUp, zone } = await joining({
      metadata: { status: 200, body: { TaskARN: arn, Containers } },
    })
    expect(lookedUp.requests).toEqual([])
    expect(zone.requests.at(-1)?.body).toMatchObject({ content: "18.1.2.3" })
  })

  it.each<[string, Parameters<typeof joining>[0], string]>([
    ["its task", { metadata: { status: 500, body: "" } }, "ECS_CONTAINER_METADATA_URI_V4: it answers 500"],
    ["its address", { lookup: { status: 404, body: "" } }, "PUBLIC_ADDRESS_LOOKUP: it answers 404"],
    [
      "its name",
      { cloudflare: { status: 503, body: "" } },
      "the DNS record at Cloudflare could not be made: it answers 503",
    ],
  ])("does not join without %s, and says so in a line", async (_, answers, message) => {
    expect((await joining(answers)).result).toEqual({ ok: false, message })
  })

  it("has no port in its address where that is the usual one", async () => {
    const { config } = await joining()
    expect(addressOf(config, "a", 443)).toBe("https://a.streams.tv.example")
  })
})
