/** What a streamer says of who watches a live stream there: each session with its viewer, or just how many. */
export type WatcherStatement =
  | { sessions: Record<string, string>; crowd: null }
  | { sessions: Record<string, never>; crowd: number }

/** As many as `parts/watchers.lua` lists. */
export const mostListed = 8

/** A statement of these sessions; several connections of one session are one. */
export function stateWatchers(
  sessions: Iterable<{ session: string; viewer: string | null }>,
): WatcherStatement {
  const byId = new Map([...sessions].map(({ session, viewer }) => [session, viewer ?? ""]))
  return byId.size > mostListed
    ? { sessions: {}, crowd: byId.size }
    : { sessions: Object.fromEntries(byId), crowd: null }
}
