import { describe, expect, it } from "vitest"
import { nullPackets } from "./null-packets.ts"
import { judge } from "./splice/splice-fixture.ts"

describe("null packets", () => {
  it("are as many as wanted, and no fault of any stream", () => {
    for (const count of [0, 1, 7]) {
      const { packets, nullPackets: found, tei, scrambled, syncLosses, ccErrors } = judge(nullPackets(count))
      expect({ packets, found, tei, scrambled, syncLosses, ccErrors }).toEqual({
        packets: count,
        found: count,
        tei: 0,
        scrambled: 0,
        syncLosses: 0,
        ccErrors: 0,
      })
    }
  })
})
