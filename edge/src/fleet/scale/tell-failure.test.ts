import { describe, expect, it } from "vitest"
import { fleet } from "../../test-support/fleet.ts"
import { tellFailure } from "./tell-failure.ts"

const hour = 60 * 60_000

describe("a failure of ECS", () => {
  it("that somebody has to repair is said once an hour, and counted", () => {
    let failing = tellFailure(fleet, { code: "missing" }, { before: null, now: 0 })
    expect(failing).toEqual({ code: "missing", times: 1, toldAt: 0 })
    failing = tellFailure(fleet, { code: "missing" }, { before: failing, now: hour - 1 })
    expect(failing).toEqual({ code: "missing", times: 2, toldAt: 0 })
    failing = tellFailure(fleet, { code: "missing" }, { before: failing, now: hour })
    expect(failing).toEqual({ code: "missing", times: 3, toldAt: hour })
  })

  it("of another kind is said at once, and counted anew", () => {
    const before = { code: "missing", times: 5, toldAt: 0 } as const
    expect(
      tellFailure(fleet, { code: "refused", error: "AccessDeniedException" }, { before, now: 1 }),
    ).toEqual({
      ...{ code: "refused", times: 1, toldAt: 1 },
    })
  })

  it("that passes is said each time", () => {
    const before = tellFailure(fleet, { code: "throttled" }, { before: null, now: 0 })
    expect(tellFailure(fleet, { code: "throttled" }, { before, now: 60_000 })).toEqual({
      ...{ code: "throttled", times: 2, toldAt: 60_000 },
    })
  })
})
