/** One segment as a media playlist lists it. */
interface ListedSegment {
  uri: string
  seconds: number
  startsDiscontinuity: boolean
}

interface MediaPlaylist {
  targetSeconds: number
  mediaSequence: number
  discontinuitySequence: number
  segments: ListedSegment[]
}

/**
 * Holds the successive versions of one live media playlist against RFC 8216, as a strict client would: target duration
 * (4.3.3.1, 6.2.1), media sequence (4.3.3.2), discontinuity sequence (4.3.3.3, 6.2.2), what may be removed (6.2.2).
 */
export class HlsCheck {
  readonly faults: string[] = []
  /** Numbers of segments that started a discontinuity, over all versions. */
  readonly discontinuities = new Set<number>()
  #last: MediaPlaylist | null = null
  readonly #known = new Map<number, ListedSegment>()

  /** The newest version; the addresses of its segments, as they stand in it. */
  take(text: string): string[] {
    const playlist = readMediaPlaylist(text, this.faults)
    const { mediaSequence, targetSeconds, segments } = playlist
    for (const [at, segment] of segments.entries()) {
      const number = mediaSequence + at
      if (segment.startsDiscontinuity) this.discontinuities.add(number)
      if (Math.round(segment.seconds) > targetSeconds)
        this.#fault(`segment ${number} lasts ${segment.seconds} s of ${targetSeconds}`)
      const before = this.#known.get(number)
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(segment))
        this.#fault(`segment ${number} was ${JSON.stringify(before)}, and is ${JSON.stringify(segment)}`)
      this.#known.set(number, segment)
    }
    if (this.#last !== null) this.#compare(this.#last, playlist)
    this.#last = playlist
    return segments.map(({ uri }) => uri)
  }

  #compare(before: MediaPlaylist, after: MediaPlaylist): void {
    if (after.targetSeconds !== before.targetSeconds)
      this.#fault(`the target duration was ${before.targetSeconds}, and is ${after.targetSeconds}`)
    const removed = after.mediaSequence - before.mediaSequence
    if (removed < 0) this.#fault(`the media sequence went back by ${-removed}`)
    if (before.mediaSequence + before.segments.length > after.mediaSequence + after.segments.length)
      this.#fault("segments were removed from the end")
    const passed = before.segments.slice(0, Math.max(0, removed)).filter((one) => one.startsDiscontinuity)
    if (removed <= before.segments.length)
      if (after.discontinuitySequence !== before.discontinuitySequence + passed.length)
        this.#fault(
          `the discontinuity sequence was ${before.discontinuitySequence}, ${passed.length} went, and is ${after.discontinuitySequence}`,
        )
    const total = after.segments.reduce((sum, { seconds }) => sum + seconds, 0)
    if (removed > 0 && total < 3 * after.targetSeconds)
      this.#fault(`segments were removed, and ${total} s of three times ${after.targetSeconds} are left`)
  }

  #fault(text: string): void {
    this.faults.push(text)
  }
}

function readMediaPlaylist(text: string, faults: string[]): MediaPlaylist {
  const lines = text.split("\n").map((line) => line.trim())
  const value = (tag: string) => lines.find((line) => line.startsWith(`#${tag}:`))?.slice(tag.length + 2)
  if (lines[0] !== "#EXTM3U") faults.push("it does not begin with #EXTM3U")
  if (value("EXT-X-TARGETDURATION") === undefined) faults.push("there is no target duration")
  const segments: ListedSegment[] = []
  let seconds: number | null = null
  let startsDiscontinuity = false
  for (const line of lines) {
    if (line.startsWith("#EXTINF:")) seconds = Number.parseFloat(line.slice("#EXTINF:".length))
    else if (line === "#EXT-X-DISCONTINUITY") startsDiscontinuity = true
    else if (line !== "" && !line.startsWith("#")) {
      if (seconds === null || !(seconds > 0)) faults.push(`${line} has no duration`)
      segments.push({ uri: line, seconds: seconds ?? 0, startsDiscontinuity })
      seconds = null
      startsDiscontinuity = false
    }
  }
  return {
    targetSeconds: Number(value("EXT-X-TARGETDURATION") ?? 0),
    mediaSequence: Number(value("EXT-X-MEDIA-SEQUENCE") ?? 0),
    discontinuitySequence: Number(value("EXT-X-DISCONTINUITY-SEQUENCE") ?? 0),
    segments,
  }
}
