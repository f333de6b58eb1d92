import { keys } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { ecsCalls, ecsDesired, edgeWith, fleet, setEcs } from "../../test-support/fleet.ts"
import { redis, registerStreamer } from "../../test-support/store.ts"
import { startFirst } from "./start-first.ts"

const fleets = [fleet, { ...fleet, name: "na", continent: "NA", service: "streamer-na" }]

beforeEach(async () => {
  await startAfresh()
  await setEcs({ streamer: { desired: 0 }, "streamer-na": { desired: 0 } })
})

/** What a player is told, when all that goes on after the answer is done. */
async function askFirst(continent = "EU", configured: readonly object[] = fleets) {
  const work: Promise<unknown>[] = []
  const response = await startFirst(await edgeWith(configured), continent, (more) => work.push(more))
  await Promise.all(work)
  if (response === null) return null
  const { error } = await response.json<{ error: { code: string; message: string } }>()
  return { status: response.status, retry: response.headers.get("retry-after"), ...error }
}

describe("the first request on an empty fleet", () => {
  it("starts a task, and is told when to ask again", async () => {
    expect(await askFirst()).toEqual({
      ...{ status: 503, retry: "45", code: "no_streamer", retryAfterSeconds: 45 },
      message: "A streamer is being started; ask again in 45 seconds.",
    })
    expect(await ecsDesired()).toBe(1)
  })

  it("starts it on the viewer's continent, else in the first fleet", async () => {
    await askFirst("NA")
    expect([await ecsDesired("streamer"), await ecsDesired("streamer-na")]).toEqual([0, 1])
    await askFirst("AF")
    expect([await ecsDesired("streamer"), await ecsDesired("streamer-na")]).toEqual([1, 1])
  })

  it("starts one task, however many ask, and tells later ones a shorter time", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => askFirst()))
    expect(answers.every((answer) => answer?.status === 503)).toBe(true)
    await redis.pexpire(keys.fleetWish("eu"), 4 * 60_000 + 30_000)
    expect(await askFirst()).toMatchObject({ retry: "15" })
    await redis.pexpire(keys.fleetWish("eu"), 60_000)
    expect(await askFirst()).toMatchObject({ retry: "5" })
    expect(await ecsCalls()).toEqual(["DescribeServices", "ListTasks", "UpdateService"])
  })

  it("is answered though ECS fails, and its wish stays for the next run", async () => {
    await setEcs({ streamer: { desired: 0 } }, { fault: "throttled" })
    expect(await askFirst()).toMatchObject({ status: 503, retry: "45" })
    expect(await redis.exists(keys.fleetWish("eu"))).toBe(1)
  })
})

describe("a request that finds no streamer", () => {
  it("starts none where streamers run and are full", async () => {
    await registerStreamer("full", { viewers: 5, maxViewers: 5 })
    expect(await askFirst()).toBeNull()
    expect(await ecsCalls()).toEqual([])
  })

  it("starts one where all that run are leaving", async () => {
    await registerStreamer("leaving", { draining: true })
    expect(await askFirst()).toMatchObject({ retry: "45" })
  })

  it("starts none without a fleet", async () => {
    expect(await askFirst("EU", [])).toBeNull()
  })
})
