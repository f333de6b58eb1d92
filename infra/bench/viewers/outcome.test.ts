import { expect, it } from "vitest"
import { outcomeOf } from "./outcome.ts"

const body = (code: string) => JSON.stringify({ error: { code, message: "…" } })

it("a refusal for a configured limit is no failure", () => {
  expect(outcomeOf(503, body("no_capacity"))).toEqual({ kind: "limited", code: "no_capacity" })
  expect(outcomeOf(429, body("viewer_limit"))).toEqual({ kind: "limited", code: "viewer_limit" })
})

it("any other answer is one, and says which", () => {
  expect(outcomeOf(503, body("store_unavailable"))).toEqual({ kind: "failed", why: "503 store_unavailable" })
  expect(outcomeOf(500, body("no_capacity"))).toEqual({ kind: "failed", why: "500 no_capacity" })
  expect(outcomeOf(200, "<html>")).toEqual({ kind: "failed", why: "200" })
})
