import { describe, expect, it } from "vitest"
import { publicAddress } from "./public-address.ts"
import { isPublic, readTask } from "./read-task.ts"
import { startApi } from "./test-api.ts"

const patience = { delays: [1, 1], answerMilliseconds: 200 }
const arn = "arn:aws:ecs:eu-central-1:111122223333:task/tributary/8f03e41243824aea923aca126495f665"
const taskWith = (...IPv4Addresses: string[]) => ({
  ...{ Cluster: "tributary", TaskARN: arn, Family: "streamer", LaunchType: "FARGATE" },
  Containers: [
    { Name: "log", Networks: null },
    { Name: "streamer", Networks: [{ NetworkMode: "awsvpc", IPv4Addresses }] },
  ],
})

describe("the task of a streamer", () => {
  it("is told by the agent, without a public address where the task has a network interface of its own", async () => {
    const api = await startApi({ status: 200, body: taskWith("10.0.12.7") })
    expect(await readTask(fetch, `${api.url}/v4/id`, patience)).toEqual({
      ok: true,
      task: { arn, address: null },
    })
    expect(api.requests.map(({ path }) => path)).toEqual(["/v4/id/task"])
  })

  it("has the public address that is among its own", async () => {
    const api = await startApi({ status: 200, body: taskWith("172.17.0.2", "52.59.1.2") })
    expect(await readTask(fetch, api.url, patience)).toMatchObject({ task: { address: "52.59.1.2" } })
  })

  it("is asked for again while the agent fails", async () => {
    const fails = { status: 500, body: "unable to fetch task metadata" }
    const api = await startApi(fails, "silence", { status: 200, body: taskWith() })
    expect(await readTask(fetch, api.url, patience)).toMatchObject({ ok: true })
    expect(api.requests).toHaveLength(3)
  })

  it.each([
    ["an error", { status: 404, body: "not found" }, "it answers 404"],
    ["no task", { status: 200, body: { TaskARN: 7 } }, "what answers there does not name a task"],
    ["no JSON", { status: 200, body: "<html>" }, "what answers there does not name a task"],
  ])("is missing where the agent answers %s, and that is said in words", async (_, answer, words) => {
    const api = await startApi(answer)
    const message = `ECS_CONTAINER_METADATA_URI_V4: ${words}`
    expect(await readTask(fetch, api.url, patience)).toEqual({ ok: false, message })
  })
})

describe("the public address", () => {
  it("is what the lookup answers", async () => {
    const api = await startApi({ status: 200, body: "52.59.1.2\n" })
    expect(await publicAddress(fetch, api.url, patience)).toEqual({ ok: true, address: "52.59.1.2" })
  })

  it.each([
    ["something else", { status: 200, body: "2a05:d014::1" }, "it does not answer an IPv4 address"],
    ["an error", { status: 503, body: "" }, "it answers 503"],
    ["nothing", "silence" as const, "it does not answer"],
  ])("is missing where it answers %s", async (_, answer, words) => {
    const api = await startApi(answer)
    const message = `PUBLIC_ADDRESS_LOOKUP: ${words}`
    expect(await publicAddress(fetch, api.url, { ...patience, delays: [1] })).toEqual({ ok: false, message })
  })

  it("cannot be known without a lookup", async () => {
    expect(await publicAddress(fetch, null)).toMatchObject({ ok: false })
  })

  it.each(["10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "169.254.170.2", "127.0.0.1", "224.0.0.1"])(
    "is none that others do not reach: %s",
    (address) => expect(isPublic(address)).toBe(false),
  )

  it.each(["172.32.0.1", "100.128.0.1", "8.8.8.8"])("may be %s", (address) =>
    expect(isPublic(address)).toBe(true),
  )
})
