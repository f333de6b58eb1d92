import { log } from "@tributary/shared/log/log"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import type { Edge } from "../edge.ts"
import { leastLoaded, type Streamer } from "./streamer-records.ts"

const logger = log("edge", "fleet")

/** Asks one streamer to look for due imports now; they also look at each heartbeat. */
export async function nudge(edge: Edge, alive: readonly Streamer[]): Promise<void> {
  const chosen = leastLoaded(alive)
  if (chosen === undefined) {
    logger.warn("imports are due and no streamer is running")
    return
  }
  const authorization = await tierAuthorization(edge.keys, "streamer-internal", Date.now() / 1000)
  const status = await fetch(`${chosen[1].internalAddress}/internal/imports`, {
    method: "POST",
    headers: { authorization },
    signal: AbortSignal.timeout(5_000),
  }).then(
    async (response) => {
      await response.body?.cancel()
      return response.ok ? "taken" : response.status
    },
    () => "no answer",
  )
  if (status !== "taken")
    logger.warn("a streamer did not take the call to import", { streamer: chosen[0], status })
}
