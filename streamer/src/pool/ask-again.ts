import { setTimeout } from "node:timers/promises"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import { blameFor } from "./blame.ts"

/** Which connections were closed here just now (Connector): their providers may still count them. */
export interface ClosedConnections {
  noteClosed(of: { source: string; profile: string }, isSegmented: boolean): void
  isRecentlyClosed(of: { source: string; profile: string }): boolean
}

// Providers count a connection a little longer than we hold it. Where one was closed just now on the same account, a
// refusal is asked again after each of these.
export const lagMilliseconds = [150, 300, 600, 1_000, 1_500, 2_000]

export interface AskAgainOptions {
  /** Whether a connection was closed so lately that its provider may still count it. */
  mayLag: () => boolean
  signal: AbortSignal
  /** Milliseconds before each repetition. */
  delays?: readonly number[]
}

/** Asks a provider again that refuses because it has not noticed yet that another connection is closed. */
export async function askAgain<Result>(
  ask: () => Promise<Result>,
  failureOf: (result: Result) => UpstreamFailure | null,
  { mayLag, signal, delays = lagMilliseconds }: AskAgainOptions,
): Promise<Result> {
  let result = await ask()
  for (const milliseconds of delays) {
    const failure = failureOf(result)
    if (failure === null || blameFor(failure) !== "profile" || signal.aborted || !mayLag()) break
    await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
    if (!signal.aborted) result = await ask()
  }
  return result
}
