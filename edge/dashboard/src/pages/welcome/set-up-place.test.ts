import { describe, expect, it } from "vitest"
import { needsSetUp } from "./needs-set-up.ts"
import { isReachable, parametersOf, placeOf, type SetUpFacts } from "./set-up-place.ts"

const demo = { id: "demo", origin: "demo" } as const
const acme = { id: "acme", origin: "api" } as const
const done = { kind: "source", source: "acme", phase: "done" } as const
const facts = (more: Partial<SetUpFacts>): SetUpFacts => ({
  sources: [demo],
  viewers: [],
  imports: [],
  ...more,
})
const at = (query: string, more: Partial<SetUpFacts>) => placeOf(new URLSearchParams(query), facts(more))

describe("the set-up", () => {
  it("is needed until there is a source that is not the demo", () => {
    expect([needsSetUp([]), needsSetUp([demo]), needsSetUp([demo, acme])]).toEqual([true, true, false])
  })

  it("begins with the provider, and goes on where something is missing", () => {
    expect(at("", {}).step).toBe("provider")
    expect(at("", { sources: [demo, acme] })).toEqual({ step: "import", source: "acme", viewer: null })
    expect(at("", { sources: [acme], imports: [{ ...done, phase: "failed" }] }).step).toBe("import")
    expect(at("", { sources: [acme], imports: [done] }).step).toBe("viewer")
  })

  it("stands where its address says", () => {
    const viewers = [{ username: "ann" }]
    const place = { step: "address", source: "acme", viewer: "ann" } as const
    expect(at(parametersOf(place).toString(), { sources: [demo, acme], viewers })).toEqual(place)
    const another = { step: "provider", source: null, viewer: null } as const
    expect(at(parametersOf(another).toString(), { sources: [acme] })).toEqual(another)
    expect(at("step=import&source=demo", {})).toEqual({ step: "import", source: "demo", viewer: null })
  })

  it("does not stand where something for it is not there any more", () => {
    expect(at("step=address&viewer=gone", { sources: [acme] })).toMatchObject({
      step: "viewer",
      viewer: null,
    })
    expect(at("step=import", { sources: [] }).step).toBe("provider")
    expect(at("step=picture", { sources: [] }).step).toBe("provider")
    expect(at("step=nowhere", { sources: [acme], imports: [done] }).step).toBe("viewer")
  })

  it("lets nobody jump to addresses of nobody", () => {
    const place = { source: "acme", viewer: null }
    expect(isReachable("address", place, facts({ sources: [acme] }))).toBe(false)
    expect(isReachable("picture", place, facts({ sources: [acme] }))).toBe(true)
  })
})
