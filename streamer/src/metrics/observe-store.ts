import type { RunScript } from "@tributary/shared/lease/scripts"
import { Counter, Histogram, type Registry } from "prom-client"

const storeBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

/** Counts and times the store's scripts; failed heartbeats are the errors of `beat`. */
export function observeStore(registry: Registry, run: RunScript): RunScript {
  const seconds = new Histogram({
    name: "tributary_store_seconds",
    help: "Calls of the store's scripts until their answer, or their failure.",
    labelNames: ["script"],
    buckets: storeBuckets,
    registers: [registry],
  })
  const errors = new Counter({
    name: "tributary_store_errors_total",
    help: "Calls of the store's scripts that failed.",
    labelNames: ["script"],
    registers: [registry],
  })
  return async (script, keys, args) => {
    const end = seconds.startTimer({ script })
    try {
      return await run(script, keys, args)
    } catch (error) {
      errors.inc({ script })
      throw error
    } finally {
      end()
    }
  }
}
