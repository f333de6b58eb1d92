import { join } from "node:path"
import type { System } from "../../e2e/system/start-system.ts"
import { hasOpen } from "../process-use.ts"

/**
 * The workerd process that runs the edge. It runs the local R2 and cache too, so it uses more than the Worker
 * does; `wrangler dev` has another workerd before it, which only hands requests on.
 */
export async function edgeProcess(system: System): Promise<number> {
  const all = await system.processes("workerd")
  const found = all.find((pid) => hasOpen(pid, join(system.dataDir, "edge")))
  if (found === undefined) throw new Error("the edge's process was not found")
  return found
}
