import { describe, expect, it } from "vitest"
import { FaultBook, type FaultInput, faultSchema, hasBegun } from "./faults.ts"

const fault = (input: FaultInput) => faultSchema.parse(input)

describe("the fault book", () => {
  it("gives a fault for the next requests only, then none", () => {
    const book = new FaultBook()
    book.set("1", [fault({ kind: "reset", requests: 2 })])
    const kinds = [1, 2, 3].map(() => book.take("1", "demo", true)?.kind)
    expect(kinds).toEqual(["reset", "reset", undefined])
    expect(book.list()).toEqual({})
  })

  it("gives a fault until it is cleared", () => {
    const book = new FaultBook()
    book.set("1", [fault({ kind: "hang" })])
    for (let n = 0; n < 5; n++) expect(book.take("1", "", true)?.kind).toBe("hang")
    book.clear("1")
    expect(book.take("1", "", true)).toBeNull()
  })

  it("spares other accounts and channels", () => {
    const book = new FaultBook()
    book.set("1", [fault({ kind: "stall", account: "ann" }), fault({ kind: "slow", account: "ben" })])
    expect(book.take("1", "demo", true)).toBeNull()
    expect(book.take("1", "ben", true)?.kind).toBe("slow")
    expect(book.take("2", "ann", true)).toBeNull()
  })

  it("prefers a channel's own fault to that of all streams, which does not touch the API", () => {
    const book = new FaultBook()
    book.set("*", [fault({ kind: "end" })])
    book.set("1", [fault({ kind: "reset", requests: 1 })])
    expect(book.take("1", "", true)?.kind).toBe("reset")
    expect(book.take("1", "", true)?.kind).toBe("end")
    expect(book.take("api", "", false)).toBeNull()
  })

  it("begins a fault when its bytes are sent and its time is over", () => {
    const late = fault({ kind: "end", afterBytes: 100, afterMs: 50 })
    expect([hasBegun(late, 99, 50), hasBegun(late, 100, 49), hasBegun(late, 100, 50)]).toEqual([
      false,
      false,
      true,
    ])
  })
})
