import { Remuxer, type SpawnRemux } from "../../ffmpeg/remuxer.ts"
import type { UpstreamFailure, UpstreamSeam } from "../upstream.ts"
import type { OpenSegment } from "./segment-source.ts"

export interface OutputTarget {
  onChunk: (chunk: Buffer) => void
  onSeam: (seam: UpstreamSeam) => void
  /** ffmpeg could not go on. */
  onFailure: (failure: UpstreamFailure, detail: string) => void
}

/** Where segments go, one after the other. */
export interface SegmentOutput {
  /** Says what comes next, and whether it continues what was written before. */
  begin(segment: OpenSegment, isBroken: boolean): Promise<void>
  write(chunk: Buffer): void
  /** Resolves when what was written may be followed by more. */
  flushed(): Promise<void>
  /** Nothing follows; resolves when all is given on. */
  end(): Promise<void>
}

/** Makes one stream of MPEG-TS out of segments, those that are something else by way of ffmpeg. */
export class TsOutput implements SegmentOutput {
  readonly #target: OutputTarget
  readonly #spawn: SpawnRemux | undefined
  #remux: { remuxer: Remuxer; kind: OpenSegment["kind"]; init: Buffer | null } | null = null
  #hasBegun = false
  #isStopped = false

  constructor(target: OutputTarget, spawn?: SpawnRemux) {
    this.#target = target
    this.#spawn = spawn
  }

  async begin({ kind, init }: OpenSegment, isBroken: boolean): Promise<void> {
    const running = this.#remux
    // One ffmpeg makes one stream out of segments that continue each other.
    if (running !== null && !isBroken && running.kind === kind && sameBytes(running.init, init)) return
    await this.#endRemux()
    if (this.#isStopped) return
    const isOther = running !== null || kind !== "mpegts"
    if (this.#hasBegun) this.#target.onSeam(isBroken || isOther ? "discontinuity" : "segment")
    this.#hasBegun = true
    if (kind === "mpegts") return
    const remuxer = new Remuxer([kind], (chunk) => this.#target.onChunk(chunk), this.#spawn)
    this.#remux = { remuxer, kind, init }
    remuxer.gone
      .then((end) => {
        if (end.code === "failed")
          this.#target.onFailure({ code: "unsupported", what: "container" }, end.detail)
      })
      .catch(() => undefined)
    if (init !== null) remuxer.write(init)
  }

  write(chunk: Buffer): void {
    if (this.#remux === null) this.#target.onChunk(chunk)
    else this.#remux.remuxer.write(chunk)
  }

  async flushed(): Promise<void> {
    await this.#remux?.remuxer.flushed()
  }

  async end(): Promise<void> {
    await this.#endRemux()
  }

  /** At once; resolves when no ffmpeg is left. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#remux?.remuxer.stop()
  }

  async #endRemux(): Promise<void> {
    const running = this.#remux
    await running?.remuxer.end()
    this.#remux = null
  }
}

const sameBytes = (one: Buffer | null, other: Buffer | null) =>
  one === other || (one !== null && other !== null && one.equals(other))
