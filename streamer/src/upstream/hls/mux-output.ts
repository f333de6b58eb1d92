import type { RemuxInput } from "../../ffmpeg/remux-arguments.ts"
import { Remuxer, type SpawnRemux } from "../../ffmpeg/remuxer.ts"
import type { OpenSegment } from "./segment-source.ts"
import type { OutputTarget, SegmentOutput } from "./ts-output.ts"

const failure = { code: "unsupported", what: "separate_sound" } as const

/** Joins the segments of a picture and those of its sound to one stream of MPEG-TS, by ffmpeg. */
export class MuxOutput {
  readonly picture: SegmentOutput = this.#input(0)
  readonly sound: SegmentOutput = this.#input(1)
  readonly #target: OutputTarget
  readonly #spawn: SpawnRemux | undefined
  readonly #begun: (OpenSegment | undefined)[] = []
  readonly #started = Promise.withResolvers<void>()
  #remuxer: Remuxer | null = null
  #isStopped = false

  constructor(target: OutputTarget, spawn?: SpawnRemux) {
    this.#target = target
    this.#spawn = spawn
  }

  /** At once; resolves when no ffmpeg is left. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#started.resolve()
    await this.#remuxer?.stop()
  }

  #input(number: number): SegmentOutput {
    return {
      begin: (segment, isBroken) => this.#begin(number, segment, isBroken),
      write: (chunk) => this.#remuxer?.write(chunk, number),
      flushed: async () => await this.#remuxer?.flushed(number),
      end: async () => void (await this.#remuxer?.end(number)),
    }
  }

  async #begin(number: number, segment: OpenSegment, isBroken: boolean): Promise<void> {
    const before = this.#begun[number]
    this.#begun[number] = segment
    if (before === undefined) {
      const [picture, sound] = this.#begun
      if (picture !== undefined && sound !== undefined) this.#start([picture, sound])
      await this.#started.promise
    } else if (isBroken || before.kind !== segment.kind || !sameInit(before, segment))
      // The other half would have to begin anew at the same place: opening it again is the safe way.
      this.#target.onFailure({ code: "ended" }, "one of two playlists does not continue")
  }

  #start(segments: [OpenSegment, OpenSegment]): void {
    this.#started.resolve()
    if (this.#isStopped) return
    const kinds = segments.map(({ kind }): RemuxInput => kind)
    // Without a container they have no times by which they could be joined to anything.
    if (kinds.some((kind) => kind === "aac" || kind === "mp3")) {
      this.#target.onFailure(failure, "its sound has no container")
      return
    }
    const remuxer = new Remuxer(kinds, (chunk) => this.#target.onChunk(chunk), this.#spawn)
    this.#remuxer = remuxer
    remuxer.gone
      .then((end) => {
        if (end.code === "failed")
          this.#target.onFailure({ code: "unsupported", what: "container" }, end.detail)
      })
      .catch(() => undefined)
    segments.forEach(({ init }, number) => {
      if (init !== null) remuxer.write(init, number)
    })
  }
}

const sameInit = (one: OpenSegment, other: OpenSegment) =>
  one.init === other.init || (one.init !== null && other.init !== null && one.init.equals(other.init))
