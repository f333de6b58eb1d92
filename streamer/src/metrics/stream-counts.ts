import type { StreamReport } from "../pool/stream-report.ts"

/** One provider profile, and what is on it. */
export interface ProfileCount {
  source: string
  profile: string
  connections: number
  leases: number
}

/** What is to be seen of the live streams at one moment. */
export interface StreamCounts {
  profiles: ProfileCount[]
  states: Record<StreamReport["state"], number>
  /** Streams that come from another streamer. */
  relayed: number
  players: number
  /** Streamers that are fed from here, once for each stream. */
  relays: number
}

/** Counts live streams; profiles that are configured and idle are there with 0. */
export function countStreams(
  reports: readonly StreamReport[],
  configured: readonly { source: string; profile: string }[],
): StreamCounts {
  const profiles = new Map<string, ProfileCount>()
  const countOf = (source: string, profile: string) => {
    const name = JSON.stringify([source, profile])
    const count = profiles.get(name) ?? { source, profile, connections: 0, leases: 0 }
    profiles.set(name, count)
    return count
  }
  for (const { source, profile } of configured) countOf(source, profile)
  const states = { live: 0, idle: 0, failing: 0, closing: 0 }
  const viewers = reports.flatMap((report) => report.viewers)
  for (const { source, profile, state, relay } of reports) {
    states[state]++
    // Of a relayed stream, the other streamer has the lease and the connection.
    if (relay !== null) continue
    const count = countOf(source, profile)
    count.leases++
    // While no feed gives bytes there is no connection, or one that is being opened.
    if (state !== "failing") count.connections++
  }
  const relays = viewers.filter(({ isRelay }) => isRelay).length
  return {
    profiles: [...profiles.values()],
    states,
    relayed: reports.filter(({ relay }) => relay !== null).length,
    players: viewers.length - relays,
    relays,
  }
}
