import { describe, expect, it } from "vitest"
import { awaitHealth } from "./await-health.ts"

/** A clock that `wait` moves, and an edge that gives one answer after the other, the last one for ever. */
function scene(...answers: (Response | Error)[]) {
  let now = 0
  let asked = 0
  return {
    asked: () => asked,
    options: {
      baseUrl: "https://tv.example",
      now: () => now,
      wait: async (milliseconds: number) => {
        now += milliseconds
      },
      deadlineMilliseconds: 60_000,
      fetch: async () => {
        const answer = answers[Math.min(asked++, answers.length - 1)]
        if (answer instanceof Error) throw answer
        return (answer as Response).clone()
      },
    },
  }
}

const noCertificate = new TypeError("fetch failed", { cause: new Error("no certificate yet") })
const failing = (...parts: string[]) => Response.json({ status: "failing", failing: parts }, { status: 503 })

describe("awaitHealth", () => {
  it("waits for a new domain's certificate", async () => {
    const { options, asked } = scene(
      noCertificate,
      noCertificate,
      Response.json({ status: "ok", channels: 7 }),
    )
    expect(await awaitHealth(options)).toEqual({ kind: "ok", channels: 7 })
    expect(asked()).toBe(3)
  })

  it("gives up at the deadline with the last reason", async () => {
    const { options, asked } = scene(noCertificate)
    expect(await awaitHealth(options)).toEqual({ kind: "silent", reason: "no certificate yet" })
    expect(asked()).toBe(31)
  })

  it("waits while the store is away, and not for streamers that nobody has started", async () => {
    const { options, asked } = scene(failing("store", "streamers"), failing("streamers"))
    expect(await awaitHealth(options)).toEqual({ kind: "failing", parts: ["streamers"] })
    expect(asked()).toBe(2)
  })
})
