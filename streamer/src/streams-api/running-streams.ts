import type { LiveStream, Watching } from "../pool/live-stream.ts"
import type { StreamReport, ViewerReport } from "../pool/stream-report.ts"
import type { Transcode } from "../transcode/transcode.ts"
import type { Vod } from "../vod/vod.ts"
import { ManagedPlaybacks } from "./managed-playbacks.ts"
import type { ManagedStream, ManagedStreams } from "./managed-stream.ts"

type Live = Pick<LiveStream, "channel" | "report" | "close" | "failOver" | "viewerReport" | "viewers" | "key">

export interface Running {
  live: ReadonlyMap<string, Live>
  transcodes: ReadonlyMap<string, Transcode>
  vod: Pick<Vod, "reports" | "stop">
}

/** All that runs here as the streams API lists it: each viewer is one of what they are given. */
export class RunningStreams implements ManagedStreams {
  readonly #live: Running["live"]
  readonly #transcodes: Running["transcodes"]
  readonly #playbacks: ManagedPlaybacks
  /** Kept, since what is known of a stream's channel is kept with it. */
  readonly #managed = new WeakMap<object, ManagedStream>()

  constructor({ live, transcodes, vod }: Running) {
    this.#live = live
    this.#transcodes = transcodes
    this.#playbacks = new ManagedPlaybacks(vod)
  }

  get streams(): ReadonlyMap<string, ManagedStream> {
    const managed = new Map(this.#playbacks.look())
    for (const [id, stream] of this.#live)
      managed.set(
        id,
        this.#once(stream, () => this.#plain(stream)),
      )
    for (const [id, transcode] of this.#transcodes) {
      const live = this.#live.get(transcode.live.key)
      if (live !== undefined)
        managed.set(
          id,
          this.#once(transcode, () => made(transcode, live)),
        )
    }
    return managed
  }

  #once(key: object, make: () => ManagedStream): ManagedStream {
    const known = this.#managed.get(key) ?? make()
    this.#managed.set(key, known)
    return known
  }

  /** Without the viewers of its transcodes. */
  #plain(stream: Live): ManagedStream {
    return {
      channel: stream.channel,
      report: () => {
        const elsewhere = new Set<Watching>()
        for (const { live, viewers } of this.#transcodes.values())
          if (live.key === stream.key) for (const watching of viewers) elsewhere.add(watching)
        const own = [...stream.viewers.keys()].filter((watching) => !elsewhere.has(watching))
        return { ...stream.report(), viewers: viewersOf({ viewers: own }, stream) }
      },
      close: (reason) => stream.close(reason),
      failOver: () => stream.failOver(),
    }
  }
}

/** A transcode is a stream of its own, on the connection of the one that feeds it. */
function made(transcode: Transcode, live: Live): ManagedStream {
  return {
    channel: transcode.channel,
    report: (): StreamReport => {
      const { id, profiles, state, isIdle, startedAt, bytesSent, bitsPerSecond, lastFailure, format } =
        transcode.report()
      const running = isIdle ? "idle" : state === "restarting" ? "failing" : "live"
      return {
        ...live.report(),
        ...{ id, startedAt, bytesSent, bitsPerSecond, lastFailure, format },
        transcode: profiles[0] ?? null,
        state: state === "closing" ? "closing" : running,
        viewers: viewersOf(transcode, live),
      }
    },
    close: () => transcode.close({ reason: "stopped" }),
    failOver: () => live.failOver(),
  }
}

const viewersOf = ({ viewers }: { viewers: Iterable<Watching> }, live: Live): ViewerReport[] =>
  [...viewers].flatMap((watching) => live.viewerReport(watching) ?? [])
