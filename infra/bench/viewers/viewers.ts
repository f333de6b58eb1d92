import type { Bench } from "../bench.ts"
import { sayCrowd } from "./crowd.ts"
import { sayRates } from "./rates.ts"
import { startViewersSystem } from "./viewers-system.ts"

export const viewers: Bench = {
  name: "viewers",
  title: "what players ask the edge for, and a thousand of them who do as they like",
  run: async (report, shared) => {
    const name = "viewers"
    const system = await shared.open(name, startViewersSystem)
    try {
      // It comes first: redirects that nobody follows count against their viewers' limits for a while.
      await sayCrowd(report, system)
      await sayRates(report, system)
    } finally {
      await shared.closeOne(name)
    }
  },
}
