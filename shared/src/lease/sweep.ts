import { keys } from "../store/keys.ts"
import type { RunScript } from "./scripts.ts"

/** Forgets live streams of these sources, which are all there are, that nobody holds any more (`sweep.lua`). */
export async function sweepLive(run: RunScript, sources: readonly string[]): Promise<number> {
  const reply = await run("sweep", [keys.live, ...sources.map((source) => keys.leases(source))], [...sources])
  return Number(reply)
}
