import type { RunScript } from "../lease/scripts.ts"
import { keys } from "../store/keys.ts"

/** A claim that is not extended for this long is given to another streamer. */
export const claimMilliseconds = 60_000

const claimKeys = [keys.importsDue, keys.importsRunning]

/** Takes the import that has been due for longest, for whoever made `token`; null when nothing is due. */
export async function claimImport(run: RunScript, token: string): Promise<string | null> {
  return (await run("claimImport", claimKeys, [token, String(claimMilliseconds)])) || null
}

/** Keeps a claim while the import runs. False: another streamer has it now, so stop. */
export async function extendClaim(run: RunScript, source: string, token: string): Promise<boolean> {
  return (await run("settleImport", claimKeys, [source, token, String(claimMilliseconds), "extend"])) === "ok"
}

/** Ends a claim; the source is due again after `seconds`. False: another streamer has it now. */
export async function endClaim(
  run: RunScript,
  source: string,
  token: string,
  seconds: number,
): Promise<boolean> {
  const reply = await run("settleImport", claimKeys, [
    source,
    token,
    String(Math.round(seconds * 1000)),
    "end",
  ])
  return reply === "ok"
}
