import { keys } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { ecsCalls, ecsDesired, edgeWith, fleet, registerTask, setEcs } from "../../test-support/fleet.ts"
import { redis } from "../../test-support/store.ts"
import { calmMilliseconds } from "./desired-count.ts"
import type { FleetMemory } from "./fleet-memory.ts"
import { ecsTimeoutMilliseconds, scaleFleet } from "./scale-fleet.ts"
import { wishForTask } from "./wish-for-task.ts"

beforeEach(startAfresh)

async function scale(changed: object = {}, timeoutMilliseconds?: number) {
  const configured = { ...fleet, ...changed }
  return scaleFleet(await edgeWith([configured]), configured, timeoutMilliseconds)
}

const marked = () => redis.zrange<string[]>(keys.streamersToDrain, 0, -1)
const remembered = async () =>
  JSON.parse((await redis.get<string>(keys.fleet("eu"))) ?? "null") as FleetMemory | null

/** As if there had been so many viewers for as long as it takes to give up a task. */
async function rememberCalm(viewers: number): Promise<void> {
  const now = Date.now()
  const samples = Array.from({ length: 15 }, (_, at) => ({
    ...{ viewers, bitsPerSecond: 0, transcodes: 0, streams: 0, kept: 1 },
    at: now - calmMilliseconds + at * 60_000,
  }))
  await redis.set(keys.fleet("eu"), JSON.stringify({ samples, failing: null } satisfies FleetMemory))
}

describe("a fleet", () => {
  it("grows when its streamers carry more", async () => {
    await setEcs({ streamer: { desired: 2, tasks: [{ id: "a" }, { id: "b" }] } })
    await registerTask("a", { viewers: 90 })
    await registerTask("b", { viewers: 95 })
    expect(await scale()).toEqual({ code: "done", from: 2, to: 3, draining: [] })
    expect(await ecsDesired()).toBe(3)
    expect((await remembered())?.samples).toMatchObject([{ viewers: 185, kept: 3 }])
  })

  it("is left alone when it is right, and its service is not updated", async () => {
    await setEcs({ streamer: { desired: 1, tasks: [{ id: "a" }] } })
    await registerTask("a", { viewers: 50 })
    expect(await scale()).toMatchObject({ from: 1, to: 1 })
    expect(await ecsCalls()).toEqual(["DescribeServices", "ListTasks", "DescribeTasks"])
  })

  it("counts no streamers of others, and those of all its pages of tasks", async () => {
    const tasks = ["a", "b", "c"].map((id) => ({ id }))
    await setEcs({ streamer: { desired: 3, tasks } }, { tasksPerPage: 1 })
    for (const { id } of tasks) await registerTask(id, { viewers: 80 })
    await registerTask("of-another-service", { viewers: 5_000 })
    expect(await scale()).toMatchObject({ to: 3 })
    expect((await ecsCalls()).filter((operation) => operation === "ListTasks")).toHaveLength(3)
  })

  it("keeps to its minimum and maximum", async () => {
    await setEcs({ streamer: { desired: 0 } })
    expect(await scale({ minimum: 2 })).toMatchObject({ from: 0, to: 2 })
    await setEcs({ streamer: { desired: 1, tasks: [{ id: "a" }] } })
    await registerTask("a", { viewers: 900 })
    expect(await scale({ maximum: 4 })).toMatchObject({ from: 1, to: 4 })
  })

  it("starts a task for a wish, and none without", async () => {
    await setEcs({ streamer: { desired: 0 } })
    expect(await scale()).toMatchObject({ from: 0, to: 0 })
    await wishForTask(await edgeWith([fleet]), fleet)
    expect(await scale()).toMatchObject({ from: 0, to: 1 })
    expect(await ecsDesired()).toBe(1)
  })

  it("has the emptiest streamer drain first, and ends its task when it is empty", async () => {
    await setEcs({ streamer: { desired: 2, tasks: [{ id: "a" }, { id: "b" }] } })
    await registerTask("a", { viewers: 30 })
    await registerTask("b", { viewers: 10 })
    await rememberCalm(40)
    expect(await scale()).toEqual({ code: "done", from: 2, to: 2, draining: ["streamer-b"] })
    expect(await marked()).toEqual(["streamer-b"])

    await registerTask("b", { viewers: 2, films: 2, draining: true })
    expect(await scale()).toMatchObject({ to: 2, draining: ["streamer-b"] })
    expect(await ecsDesired()).toBe(2)

    await registerTask("b", { draining: true })
    expect(await scale()).toMatchObject({ from: 2, to: 1 })
    expect(await ecsDesired()).toBe(1)

    await redis.hdel(keys.streamers, "streamer-b")
    await setEcs({ streamer: { desired: 1, tasks: [{ id: "a" }] } })
    await scale()
    expect(await marked()).toEqual([])
  })

  it("starts another task when more come, as a draining streamer does not come back", async () => {
    await setEcs({ streamer: { desired: 2, tasks: [{ id: "a" }, { id: "b" }] } })
    await redis.zadd(keys.streamersToDrain, { score: 1, member: "streamer-b" })
    await registerTask("a", { viewers: 95 })
    await registerTask("b", { viewers: 3, draining: true })
    expect(await scale()).toEqual({ code: "done", from: 2, to: 3, draining: ["streamer-b"] })
    expect(await marked()).toEqual(["streamer-b"])
  })

  it("gives up a task on which nobody watches without draining it", async () => {
    await setEcs({ streamer: { desired: 2, tasks: [{ id: "a" }, { id: "b" }] } })
    await registerTask("a", { viewers: 40 })
    await registerTask("b")
    await rememberCalm(40)
    expect(await scale()).toEqual({ code: "done", from: 2, to: 1, draining: [] })
  })

  it("drains the streamers of an older deployment when the new ones are there", async () => {
    const tasks = [{ id: "old", startedBy: "ecs-svc/1" }, { id: "new" }]
    await setEcs({ streamer: { desired: 1, deployments: ["ecs-svc/2", "ecs-svc/1"], tasks } })
    await registerTask("old", { viewers: 40, films: 5 })
    expect(await scale()).toMatchObject({ to: 1, draining: [] })
    await registerTask("new")
    expect(await scale()).toMatchObject({ to: 1, draining: ["streamer-old"] })
    expect(await marked()).toEqual(["streamer-old"])
  })

  it("keeps no mark of another fleet's streamers from it, and forgets those of nobody", async () => {
    await setEcs({ streamer: { desired: 1, tasks: [{ id: "a" }] } })
    await registerTask("a", { viewers: 10 })
    await registerTask("elsewhere", { viewers: 10 })
    for (const member of ["streamer-elsewhere", "streamer-gone"])
      await redis.zadd(keys.streamersToDrain, { score: 1, member })
    await scale()
    expect(await marked()).toEqual(["streamer-elsewhere"])
  })

  it("is scaled by one run at a time, and by the next when that one is done", async () => {
    await setEcs({ streamer: { desired: 0 } })
    const runs = await Promise.all([scale({ minimum: 1 }), scale({ minimum: 1 }), scale({ minimum: 1 })])
    expect(runs.map(({ code }) => code).toSorted()).toEqual(["busy", "busy", "done"])
    expect(await redis.exists(keys.fleetLock("eu"))).toBe(0)
    expect(await scale({ minimum: 1 })).toMatchObject({ code: "done", from: 1, to: 1 })
  })

  it("is not locked for ever by a run that dies", async () => {
    await setEcs({ streamer: { desired: 1 } }, { fault: "hang" })
    const running = scale({}, 300)
    await expect.poll(() => redis.pttl(keys.fleetLock("eu"))).toBeGreaterThan(ecsTimeoutMilliseconds)
    expect(await redis.pttl(keys.fleetLock("eu"))).toBeLessThan(60_000)
    await running
  })

  it("gives no lock back that is another's by now", async () => {
    await setEcs({ streamer: { desired: 1 } }, { fault: "hang" })
    const running = scale({}, 300)
    await expect.poll(() => redis.exists(keys.fleetLock("eu"))).toBe(1)
    await redis.set(keys.fleetLock("eu"), "another's")
    await running
    expect(await redis.get(keys.fleetLock("eu"))).toBe("another's")
  })
})

describe("when ECS fails", () => {
  const failed = (failure: object) => ({ code: "failed", failure })

  it.each([
    ["throttled", { code: "throttled" }],
    ["internal", { code: "failed", error: "ServerException" }],
    ["refused", { code: "refused", error: "AccessDeniedException" }],
    ["cluster_missing", { code: "missing" }],
    ["not_json", { code: "failed", error: expect.any(String) }],
  ])("it is told that it is %s, and counted", async (fault, failure) => {
    await setEcs({ streamer: { desired: 1 } }, { fault })
    for (const times of [1, 2]) {
      expect(await scale()).toEqual(failed(failure))
      expect((await remembered())?.failing).toMatchObject({ code: failure.code, times })
    }
    await setEcs({ streamer: { desired: 1 } })
    expect(await scale()).toMatchObject({ code: "done" })
    expect((await remembered())?.failing).toBeNull()
  })

  it("it is asked once in a run", async () => {
    await setEcs({ streamer: { desired: 1 } }, { fault: "throttled" })
    await scale()
    expect(await ecsCalls()).toEqual(["DescribeServices"])
  })

  it("only in the end, the next run does what was left", async () => {
    await setEcs({ streamer: { desired: 0 } }, { fault: "throttled", operation: "UpdateService" })
    expect(await scale({ minimum: 1 })).toEqual(failed({ code: "throttled" }))
    await setEcs({ streamer: { desired: 0 } })
    expect(await scale({ minimum: 1 })).toMatchObject({ from: 0, to: 1 })
  })

  it("by not answering, it is not waited for longer than it may take", async () => {
    await setEcs({ streamer: { desired: 1 } }, { fault: "hang" })
    const startedAt = Date.now()
    expect(await scale({}, 300)).toEqual(failed({ code: "slow" }))
    expect(Date.now() - startedAt).toBeLessThan(2_000)
  })

  it.each([
    ["a service that is not there", { other: { desired: 1 } }],
    ["one that was deleted", { streamer: { desired: 0, status: "INACTIVE" as const } }],
  ])("%s is missing", async (_what, services) => {
    await setEcs(services)
    expect(await scale()).toEqual(failed({ code: "missing" }))
  })

  it("to know the credentials, it says so", async () => {
    await setEcs({ streamer: { desired: 1 } })
    const edge = await edgeWith([fleet], { AWS_ACCESS_KEY_ID: "AKIAWRONG" })
    const refused = failed({ code: "refused", error: "UnrecognizedClientException" })
    expect(await scaleFleet(edge, fleet)).toEqual(refused)
  })

  it("by not being there, it is as any failure", async () => {
    const edge = await edgeWith([fleet], { ECS_ENDPOINT: "http://127.0.0.1:1" })
    expect(await scaleFleet(edge, fleet)).toMatchObject(failed({ code: "failed" }))
  })
})
