import type { MediaPlaylist } from "../../upstream/hls/playlist.ts"

/**
 * How much of what was asked for a playlist of the past has had so far. Not all of them say that they are complete, and
 * one that is only behind the time never ends.
 */
export class AskedPart {
  readonly #seconds: number
  #listedSeconds = 0
  #last: number | null = null
  #isAll = false

  constructor(seconds: number) {
    this.#seconds = seconds
  }

  /** The playlist up to the end of what was asked for, and complete when it has that. */
  limit(playlist: MediaPlaylist): MediaPlaylist {
    if (playlist.isComplete) return playlist
    for (const { sequence, seconds } of playlist.segments) {
      if (this.#isAll) break
      if (this.#last !== null && sequence <= this.#last) continue
      this.#listedSeconds += seconds
      this.#last = sequence
      this.#isAll = this.#listedSeconds >= this.#seconds
    }
    // Segments are cut at keyframes, so that the last one may be missing of what is all the same the whole.
    const isComplete = this.#isAll || this.#listedSeconds > this.#seconds - playlist.targetSeconds
    const last = this.#last ?? Number.POSITIVE_INFINITY
    return { ...playlist, isComplete, segments: playlist.segments.filter(({ sequence }) => sequence <= last) }
  }
}
