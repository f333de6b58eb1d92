import type { StreamReport } from "../pool/stream-report.ts"
import type { PlaybackKind, PlaybackReport } from "../vod/playback.ts"

/** One provider profile, and what is on it. */
export interface ProfileCount {
  source: string
  profile: string
  connections: number
  leases: number
}

/** What is to be seen of the live streams and playbacks at one moment. */
export interface StreamCounts {
  profiles: ProfileCount[]
  states: Record<StreamReport["state"], number>
  /** Streams that come from another streamer. */
  relayed: number
  players: number
  /** Streamers that are fed from here, once for each stream. */
  relays: number
  playbacks: Record<PlaybackKind, number>
}

/** Counts live streams and playbacks; profiles that are configured and idle are there with 0. */
export function countStreams(
  reports: readonly StreamReport[],
  playing: readonly PlaybackReport[],
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
  const playbacks = { movie: 0, episode: 0, catchup: 0 }
  for (const { source, profile, state, kind } of playing) {
    playbacks[kind]++
    const count = countOf(source, profile)
    count.leases++
    // One that nobody reads just now has nothing to ask the provider for.
    if (state === "live") count.connections++
  }
  const relays = viewers.filter(({ isRelay }) => isRelay).length
  return {
    profiles: [...profiles.values()],
    states,
    relayed: reports.filter(({ relay }) => relay !== null).length,
    // However many parts of a film a player reads at once, it is one.
    players: viewers.length - relays + playing.filter(({ viewers: { length } }) => length > 0).length,
    relays,
    playbacks,
  }
}
