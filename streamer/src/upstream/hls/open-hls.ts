import type { Settings } from "@tributary/shared/config/settings"
import type { SpawnRemux } from "../../ffmpeg/remuxer.ts"
import type { HttpSession } from "../http/http-session.ts"
import { untilAborted } from "../until-aborted.ts"
import type { OpenUpstream, Upstream, UpstreamFailure, UpstreamSeam } from "../upstream.ts"
import { type Clock, realClock } from "./clock.ts"
import { MuxOutput } from "./mux-output.ts"
import type { MediaPlaylist } from "./playlist.ts"
import { PlaylistFollower } from "./playlist-follower.ts"
import { type PlaylistBody, PlaylistKeeper } from "./playlist-keeper.ts"
import { silentAfterMilliseconds } from "./reload-delay.ts"
import { SegmentPlayer } from "./segment-player.ts"
import { SegmentSource } from "./segment-source.ts"
import { TsOutput } from "./ts-output.ts"

export interface HlsOptions {
  /** Closed with the upstream. */
  session: HttpSession
  /** The feed's address, before any redirect. */
  url: string
  hlsVariant: Settings["hlsVariant"]
  stallMilliseconds: number
  /** Gives up opening it. */
  signal: AbortSignal
  clock?: Clock
  spawn?: SpawnRemux
}

// From the first playlist to the first segment, whatever is tried again.
const mostStallsAtOpening = 2

/** Opens an HLS stream whose playlist was received already: open when its first segment has begun to come. */
export async function openHls(options: HlsOptions, start: PlaylistBody): Promise<OpenUpstream> {
  const keeper = new PlaylistKeeper(options.session, options.url, options.hlsVariant)
  const first = await keeper.start(start)
  if (!first.ok) return first
  const { session, hlsVariant } = options
  const { soundUrl } = keeper
  const soundKeeper = soundUrl === null ? null : new PlaylistKeeper(session, soundUrl, hlsVariant)
  const sound = (await soundKeeper?.load()) ?? null
  if (sound?.ok === false) return sound
  const upstream = new HlsUpstream(options, [
    { keeper, first: first.playlist },
    ...(soundKeeper === null || sound === null ? [] : [{ keeper: soundKeeper, first: sound.playlist }]),
  ])
  const close = () => upstream.close()
  const failure = await untilAborted(options.signal, close, () => upstream.opened)
  if (failure === null) return { ok: true, upstream }
  await upstream.close()
  return { ok: false, failure }
}

interface Track {
  keeper: PlaylistKeeper
  first: MediaPlaylist
}

/** One playlist that is followed, or two for picture and sound, and their segments, as one stream. */
class HlsUpstream implements Upstream {
  /** Null when the first segment comes, else why none does. */
  readonly opened: Promise<UpstreamFailure | null>
  readonly isSegmented = true
  skippedSegments = 0
  readonly #session: HttpSession
  readonly #output: TsOutput | MuxOutput
  readonly #players: SegmentPlayer[]
  readonly #closing = new AbortController()
  readonly #end = Promise.withResolvers<UpstreamFailure>()
  readonly #reading = Promise.withResolvers<void>()
  readonly #running: Promise<unknown>
  readonly #clock: Clock
  #bytesAt = 0
  #onChunk: (chunk: Buffer) => void = () => undefined
  #onSeam: (seam: UpstreamSeam) => void = () => undefined
  #closed: Promise<void> | undefined

  constructor(options: HlsOptions, tracks: Track[]) {
    const { session, clock = realClock, stallMilliseconds, spawn } = options
    const { signal } = this.#closing
    this.#session = session
    this.#clock = clock
    const target = {
      onChunk: (chunk: Buffer) => this.#give(chunk),
      onSeam: (seam: UpstreamSeam) => this.#tellSeam(seam),
      onFailure: (failure: UpstreamFailure) => this.#finish(failure),
    }
    const mux = tracks.length > 1 ? new MuxOutput(target, spawn) : null
    const plain = new TsOutput(target, spawn)
    this.#output = mux ?? plain
    const opened = Promise.withResolvers<null>()
    const onSkipped = (segments: number) => {
      this.skippedSegments += segments
    }
    const followed = { clock, stallMilliseconds, signal, onSkipped }
    const source = new SegmentSource(session)
    let startAt: number | undefined
    const following = tracks.map(({ keeper, first }, n) => {
      const follower = new PlaylistFollower({ ...followed, keeper }, first, startAt)
      // Sound begins with its picture.
      startAt ??= follower.head?.segment.sequence
      const player = new SegmentPlayer({
        ...{ follower, source, clock, signal, onSkipped, reading: this.#reading.promise },
        output: (n === 0 ? mux?.picture : mux?.sound) ?? plain,
        onOpen: () => {
          if (n === 0) opened.resolve(null)
        },
        async onUseless(hasPlayed) {
          const other = await keeper.giveUpVariant()
          if (other !== null) follower.take(other, hasPlayed)
          return other !== null
        },
      })
      return { follower, player }
    })
    this.#players = following.map(({ player }) => player)
    this.opened = Promise.race([opened.promise, this.#end.promise])
    const broken = () => this.#finish({ code: "protocol_error" })
    const running = following.flatMap(({ follower, player }) => [
      follower.run().catch(broken),
      player.run().then((failure) => this.#finish(failure), broken),
    ])
    const [main] = following
    const watching = this.#watchOpening(stallMilliseconds * mostStallsAtOpening)
      .then(async () => main && (await this.#watch(main.follower, stallMilliseconds)))
      .catch(broken)
    this.#running = Promise.all([...running, watching])
  }

  read(onChunk: (chunk: Buffer) => void, onSeam?: (seam: UpstreamSeam) => void): Promise<UpstreamFailure> {
    this.#onChunk = onChunk
    this.#onSeam = onSeam ?? (() => undefined)
    this.#bytesAt = this.#clock.now()
    this.#reading.resolve()
    return this.#end.promise
  }

  close(): Promise<void> {
    this.#finish({ code: "aborted" })
    this.#closed ??= Promise.all([this.#session.close(), this.#output.stop()])
      .then(() => this.#running)
      .then(() => undefined)
    return this.#closed
  }

  #tellSeam(seam: UpstreamSeam): void {
    if (!this.#closing.signal.aborted) this.#onSeam(seam)
  }

  #give(chunk: Buffer): void {
    if (this.#closing.signal.aborted) return
    this.#bytesAt = this.#clock.now()
    this.#onChunk(chunk)
  }

  /** Another feed is the better try than one whose first segment does not come. */
  async #watchOpening(patienceMilliseconds: number): Promise<void> {
    const isOver = new AbortController()
    const late = this.#clock.sleep(patienceMilliseconds, isOver.signal).then(() => "late" as const)
    const first = await Promise.race([this.opened, late])
    isOver.abort()
    if (first === "late") this.#finish({ code: "timeout" })
    await Promise.race([this.#reading.promise, this.#end.promise])
  }

  /** Ends it when nothing comes for too long, whatever the reason. */
  async #watch(follower: PlaylistFollower, stallMilliseconds: number): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const dueAt = this.#bytesAt + silentAfterMilliseconds(follower.targetSeconds, stallMilliseconds)
      const left = dueAt - this.#clock.now()
      if (left <= 0) this.#finish(follower.loadFailure ?? { code: "stalled" })
      else await this.#clock.sleep(left, signal)
    }
  }

  #finish(failure: UpstreamFailure): void {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    for (const player of this.#players) player.stop()
    // A player that waits for a reader goes on to its end.
    this.#reading.resolve()
    this.#end.resolve(failure)
  }
}
