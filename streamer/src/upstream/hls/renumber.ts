import type { MediaPlaylist } from "./playlist.ts"

/**
 * A sliding playlist must say its first number (RFC 8216 6.2.2), but some do not, and would be 0 for ever: then the
 * numbers go on from where the playlist before has the same addresses.
 */
export function renumber(playlist: MediaPlaylist, before: MediaPlaylist | null): MediaPlaylist {
  const last = before?.segments.at(-1)
  if (playlist.isNumbered || before === null || last === undefined) return playlist
  const shift = shiftBy(({ url }) => url) ?? shiftBy(({ url }) => new URL(url).pathname) ?? last.sequence + 1
  const segments = playlist.segments.map((segment) => ({ ...segment, sequence: segment.sequence + shift }))
  return { ...playlist, segments }

  function shiftBy(identity: (segment: { url: string }) => string): number | undefined {
    const known = new Map(before?.segments.map((segment) => [identity(segment), segment.sequence]))
    // Where many have one path, and only the query tells them apart, it says nothing.
    if (known.size !== before?.segments.length) return undefined
    for (const segment of playlist.segments) {
      const sequence = known.get(identity(segment))
      if (sequence !== undefined) return sequence - segment.sequence
    }
    return undefined
  }
}
