import { log, startLog } from "@tributary/shared/log/log"
import { beforeEach, describe, expect, it } from "vitest"
import { type ApiAnswer, startApi } from "../metadata/test-api.ts"
import { TaskProtection } from "./task-protection.ts"

let lines: string[]
beforeEach(async () => {
  lines = []
  await startLog({ write: (line) => lines.push(line), debug: false, obfuscate: false })
})

const arn = "arn:aws:ecs:eu-central-1:111122223333:task/tributary/8f03e41243824aea923aca126495f665"
const agent: ApiAnswer = ({ body }) => {
  const { ProtectionEnabled } = body as { ProtectionEnabled: boolean }
  return { status: 200, body: { protection: { ProtectionEnabled, ExpirationDate: null, TaskArn: arn } } }
}
const failure = { Arn: arn, Reason: "DEPLOYMENT_BLOCKED", Detail: null }
const error = { Arn: arn, Code: "ThrottlingException", Message: "Rate exceeded" }

/** A protected streamer; `watched` and `seconds` are set by the test, and each look is one of those every 5 s. */
async function protecting(...answers: ApiAnswer[]) {
  const api = await startApi(...answers)
  const streamer = { watched: false, seconds: 0 }
  const protection = new TaskProtection({
    ...{ ask: fetch, agent: api.url, logger: log("streamer", "task") },
    isNeeded: () => streamer.watched,
    now: () => streamer.seconds * 1000,
  })
  const pass = async (seconds: number, watched: boolean) => {
    for (let left = seconds; left > 0; left -= 5) {
      Object.assign(streamer, { watched, seconds: streamer.seconds + Math.min(5, left) })
      await protection.look()
    }
    return api.requests.splice(0).map(({ body }) => body)
  }
  return { api, pass }
}
const on = { ProtectionEnabled: true, ExpiresInMinutes: 60 }
const off = { ProtectionEnabled: false }

describe("the protection of a task", () => {
  it("begins with its first viewer, is renewed, and ends some seconds after its last", async () => {
    const { api, pass } = await protecting(agent)
    expect(await pass(30, false)).toEqual([off])
    expect(api.requests).toEqual([])
    expect(await pass(5, true)).toEqual([on])
    expect(await pass(1_000, true)).toEqual([])
    expect(await pass(300, true)).toEqual([on])
    // Somebody zaps.
    expect(await pass(10, false)).toEqual([])
    expect(await pass(10, true)).toEqual([])
    expect(await pass(20, false)).toEqual([off])
    expect(await pass(3_600, false)).toEqual([])
  })

  it("asks as the agent wants to be asked", async () => {
    const paths: string[] = []
    const api = await startApi(({ method, path }) => {
      paths.push(`${method} ${path}`)
      return { status: 200, body: { protection: { ProtectionEnabled: false } } }
    })
    await new TaskProtection({
      ...{ ask: fetch, agent: `${api.url}/api/id`, isNeeded: () => false, now: () => 0 },
      logger: log("streamer", "task"),
    }).look()
    expect(paths).toEqual(["PUT /api/id/task-protection/v1/state"])
  })

  it.each<[string, ApiAnswer]>([
    ["says that it failed", { status: 200, body: { failure } }],
    ["is throttled", { status: 400, body: { error } }],
    ["fails", { status: 500, body: "" }],
  ])("is tried again, less and less often, while the agent %s: that is said once", async (_, fault) => {
    const { pass } = await protecting(fault, fault, fault, fault, agent)
    // At 5, 10, 20 and 40 s.
    expect(await pass(40, true)).toHaveLength(4)
    expect(await pass(45, true)).toEqual([on])
    expect(await pass(600, true)).toEqual([])
    expect(lines.filter((line) => line.includes("could not be changed"))).toHaveLength(1)
  })
})
