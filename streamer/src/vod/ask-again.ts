import { setTimeout } from "node:timers/promises"
import { blameFor } from "../pool/blame.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"

/** Which connections were closed here just now (Connector): their providers may still count them. */
export interface ClosedConnections {
  noteClosed(of: { source: string; profile: string }, isSegmented: boolean): void
  isRecentlyClosed(of: { source: string; profile: string }): boolean
}

// As for live streams.
const lagMilliseconds = [150, 300, 600, 1_000, 1_500, 2_000]

/** Asks a provider again that refuses because it has not noticed yet that another connection is closed. */
export async function askAgain<Result>(
  ask: () => Promise<Result>,
  failureOf: (result: Result) => UpstreamFailure | null,
  { mayLag, signal }: { mayLag: () => boolean; signal: AbortSignal },
): Promise<Result> {
  let result = await ask()
  for (const milliseconds of lagMilliseconds) {
    const failure = failureOf(result)
    if (failure === null || blameFor(failure) !== "profile" || signal.aborted || !mayLag()) break
    await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
    if (!signal.aborted) result = await ask()
  }
  return result
}
