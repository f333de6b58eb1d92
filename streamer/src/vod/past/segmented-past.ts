import type { Settings } from "@tributary/shared/config/settings"
import type { SpawnRemux } from "../../ffmpeg/remuxer.ts"
import { PacketAligner } from "../../mpegts/packet-aligner.ts"
import { type Clock, realClock } from "../../upstream/hls/clock.ts"
import { MuxOutput } from "../../upstream/hls/mux-output.ts"
import type { MediaPlaylist } from "../../upstream/hls/playlist.ts"
import { PlaylistFollower } from "../../upstream/hls/playlist-follower.ts"
import { type PlaylistBody, PlaylistKeeper, type PlaylistResult } from "../../upstream/hls/playlist-keeper.ts"
import { SegmentPlayer } from "../../upstream/hls/segment-player.ts"
import { SegmentSource } from "../../upstream/hls/segment-source.ts"
import { TsOutput } from "../../upstream/hls/ts-output.ts"
import type { HttpSession } from "../../upstream/http/http-session.ts"
import { untilAborted } from "../../upstream/until-aborted.ts"
import type { UpstreamFailure } from "../../upstream/upstream.ts"
import type { Past, PastResult } from "../past-player.ts"
import { AskedPart } from "./asked-part.ts"
import { PacedDelivery } from "./paced-delivery.ts"
import { pacedOutput } from "./paced-output.ts"

export interface SegmentedPastOptions {
  /** Closed with the past. */
  session: HttpSession
  url: string
  hlsVariant: Settings["hlsVariant"]
  stallMilliseconds: number
  /** So much was asked for. */
  seconds: number
  /** Gives up opening it. */
  signal: AbortSignal
  clock?: Clock
  spawn?: SpawnRemux
}

const mostStallsAtOpening = 2

/** Opens the past as a playlist of HLS that was received already: open when its first segment has begun to come. */
export async function openSegmentedPast(
  options: SegmentedPastOptions,
  start: PlaylistBody,
): Promise<PastResult> {
  const { session, url, hlsVariant, signal } = options
  const keeper = new PlaylistKeeper(session, url, hlsVariant)
  const first = await keeper.start(start)
  if (!first.ok) return first
  const { soundUrl } = keeper
  const soundKeeper = soundUrl === null ? null : new PlaylistKeeper(session, soundUrl, hlsVariant)
  const sound = (await soundKeeper?.load()) ?? null
  if (sound?.ok === false) return sound
  const past = new SegmentedPast(options, [
    { keeper, first: first.playlist },
    ...(soundKeeper === null || sound === null ? [] : [{ keeper: soundKeeper, first: sound.playlist }]),
  ])
  const failure = await untilAborted(
    signal,
    () => past.close(),
    () => past.opened,
  )
  if (failure === null) return { ok: true, past }
  await past.close()
  return { ok: false, failure }
}

interface Track {
  keeper: PlaylistKeeper
  first: MediaPlaylist
}

/** The segments of a playlist of the past, from its first one on, as fast as they are taken. */
class SegmentedPast implements Past {
  readonly contentType = "video/mp2t"
  /** Null when the first segment comes, else why none does. */
  readonly opened: Promise<UpstreamFailure | null>
  readonly #session: HttpSession
  readonly #output: TsOutput | MuxOutput
  readonly #delivery: PacedDelivery
  readonly #players: SegmentPlayer[]
  readonly #closing = new AbortController()
  readonly #end = Promise.withResolvers<UpstreamFailure>()
  readonly #reading = Promise.withResolvers<void>()
  readonly #running: Promise<unknown>
  #onChunk: (chunk: Buffer) => Promise<void> | void = () => undefined

  constructor(options: SegmentedPastOptions, tracks: Track[]) {
    const { session, spawn } = options
    this.#session = session
    this.#delivery = new PacedDelivery(
      (chunk) => this.#onChunk(chunk),
      () => this.#finish({ code: "aborted" }),
    )
    const aligner = new PacketAligner()
    const target = {
      onChunk: (chunk: Buffer) => this.#delivery.give(aligner.push(chunk)),
      onSeam: () => undefined,
      onFailure: (failure: UpstreamFailure) => this.#finish(failure),
    }
    const mux = tracks.length > 1 ? new MuxOutput(target, spawn) : null
    const plain = new TsOutput(target, spawn)
    this.#output = mux ?? plain
    const opened = Promise.withResolvers<null>()
    this.opened = Promise.race([opened.promise, this.#end.promise])
    const following = tracks.map((track, n) => {
      const output = pacedOutput((n === 0 ? mux?.picture : mux?.sound) ?? plain, this.#delivery)
      return this.#follow(options, track, {
        output,
        onOpen: () => {
          if (n === 0) opened.resolve(null)
        },
      })
    })
    this.#players = following.map(({ player }) => player)
    const broken = () => this.#finish({ code: "protocol_error" })
    const running = following.flatMap(({ follower, player }) => [
      follower.run().catch(broken),
      player.run().then((failure) => this.#finish(failure), broken),
    ])
    this.#running = Promise.all([...running, this.#watchOpening(options).catch(broken)])
  }

  read(onChunk: (chunk: Buffer) => Promise<void> | void): Promise<UpstreamFailure> {
    this.#onChunk = onChunk
    this.#reading.resolve()
    return this.#end.promise
  }

  async close(): Promise<void> {
    this.#finish({ code: "aborted" })
    await Promise.all([this.#session.close(), this.#output.stop()])
    await this.#running
  }

  #follow(
    { session, clock = realClock, stallMilliseconds, seconds }: SegmentedPastOptions,
    { keeper, first }: Track,
    { output, onOpen }: Pick<ConstructorParameters<typeof SegmentPlayer>[0], "output" | "onOpen">,
  ): { follower: PlaylistFollower; player: SegmentPlayer } {
    const { signal } = this.#closing
    const asked = new AskedPart(seconds)
    const limited = <Result extends PlaylistResult>(result: Result): Result =>
      result.ok ? { ...result, playlist: asked.limit(result.playlist) } : result
    const onSkipped = () => undefined
    const follower = new PlaylistFollower(
      {
        keeper: { load: async () => limited(await keeper.load()) },
        ...{ clock, stallMilliseconds, signal, onSkipped },
      },
      asked.limit(first),
      // Without it a list that does not say that it is complete would be played near its end, as what is live is.
      first.segments[0]?.sequence,
    )
    const player = new SegmentPlayer({
      ...{ follower, source: new SegmentSource(session), output, signal, onSkipped, onOpen },
      reading: this.#reading.promise,
      clock: unpaced,
      async onUseless(hasPlayed) {
        const other = await keeper.giveUpVariant()
        if (other !== null) follower.take(limited(other), hasPlayed)
        return other !== null
      },
    })
    return { follower, player }
  }

  async #watchOpening({ clock = realClock, stallMilliseconds }: SegmentedPastOptions): Promise<void> {
    const isOver = new AbortController()
    const late = clock
      .sleep(stallMilliseconds * mostStallsAtOpening, isOver.signal)
      .then(() => "late" as const)
    const first = await Promise.race([this.opened, late])
    isOver.abort()
    if (first === "late") this.#finish({ code: "timeout" })
  }

  #finish(failure: UpstreamFailure): void {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    this.#delivery.stop()
    for (const player of this.#players) player.stop()
    // A player that waits for a reader goes on to its end.
    this.#reading.resolve()
    this.#end.resolve(failure)
  }
}

/** Of what is complete a player is kept to the pace of time by its clock; here it is kept by who takes it. */
const unpaced: Clock = { now: () => performance.now(), sleep: async () => undefined }
