import { describe, expect, it } from "vitest"
import { ConnectionLedger } from "./connection-ledger.ts"

function setUp() {
  const clock = { ms: 0 }
  const ledger = new ConnectionLedger(() => clock.ms)
  const open = (max: number | null, account = "demo", channel = "1") =>
    ledger.open({ account, channel, kind: "live", userAgent: "test", end: () => {}, max })
  return { clock, ledger, open }
}

describe("the connection ledger", () => {
  it("refuses beyond the limit and says how often", () => {
    const { ledger, open } = setUp()
    expect([open(2), open(2), open(2)].map((connection) => connection !== null)).toEqual([true, true, false])
    expect(ledger.report().accounts.demo).toEqual({ active: 2, peak: 2, opened: 2, refused: 1 })
  })

  it("frees a slot once, however often it is released", () => {
    const { ledger, open } = setUp()
    const first = open(2)
    open(2)
    if (!first) throw new Error("no slot")
    ledger.release(first, 0)
    ledger.release(first, 0)
    expect(ledger.held("demo")).toBe(1)
    expect(ledger.report().open.map(({ id }) => id)).toEqual([2])
  })

  it("keeps a slot taken for the lag, without counting it as open", () => {
    const { clock, ledger, open } = setUp()
    const first = open(1)
    if (!first) throw new Error("no slot")
    ledger.release(first, 1000)
    clock.ms = 999
    expect(open(1)).toBeNull()
    expect(ledger.held("demo")).toBe(1)
    expect(ledger.report().accounts.demo?.active).toBe(0)
    clock.ms = 1000
    expect(open(1)).not.toBeNull()
  })

  it("keeps the peak until it is reset, and counts accounts and channels apart", () => {
    const { ledger, open } = setUp()
    const connections = [open(null, "", "1"), open(null, "", "2"), open(null, "ann", "2")]
    for (const connection of connections) if (connection) ledger.release(connection, 0)
    expect(ledger.report().channels["2"]).toMatchObject({ active: 0, peak: 2 })
    expect(ledger.report().accounts[""]).toMatchObject({ active: 0, peak: 2 })
    ledger.resetPeak()
    expect(ledger.report().channels["2"]).toEqual({ active: 0, peak: 0, opened: 0, refused: 0 })
  })
})
