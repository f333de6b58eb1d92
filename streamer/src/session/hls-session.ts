import type { ViewerExit } from "../metrics/stream-metrics.ts"
import type { Watching } from "../pool/live-stream.ts"

// Where the target duration is not known yet.
const usualTargetSeconds = 6
const patienceTargets = 3

/** One viewer's playback by HLS: requests that belong together. It ends when none comes for three target durations. */
export class HlsSession implements Watching {
  readonly ended: Promise<ViewerExit>
  readonly #end = Promise.withResolvers<ViewerExit>()
  readonly #targetSeconds: () => number | null
  readonly #onFirst: () => void
  #state: { kind: "waiting"; timer: NodeJS.Timeout } | { kind: "asked"; requests: number } | { kind: "over" }
  #bytesSent = 0
  /** Nobody is moved: what is too old is not listed any more. */
  readonly moves = 0

  /** `targetSeconds` is null while it is not known; `onFirst` is called when the first segment is given. */
  constructor(targetSeconds: () => number | null, onFirst: () => void = () => undefined) {
    this.#targetSeconds = targetSeconds
    this.#onFirst = onFirst
    this.ended = this.#end.promise
    this.#state = this.#wait()
  }

  get isOpen(): boolean {
    return this.#state.kind !== "over"
  }

  get bytesSent(): number {
    return this.#bytesSent
  }

  /** A segment of so many bytes is given. */
  give(bytes: number): void {
    if (this.#bytesSent === 0) this.#onFirst()
    this.#bytesSent += bytes
  }

  /** A request has come; call what it gives, once, when it is answered or its player has gone. */
  begin(): () => void {
    if (this.#state.kind === "waiting") {
      clearTimeout(this.#state.timer)
      this.#state = { kind: "asked", requests: 0 }
    }
    if (this.#state.kind === "asked") this.#state.requests++
    return () => {
      if (this.#state.kind === "asked" && --this.#state.requests === 0) this.#state = this.#wait()
    }
  }

  destroy(how: ViewerExit = "stream-ended"): void {
    this.#finish(how)
  }

  #wait(): { kind: "waiting"; timer: NodeJS.Timeout } {
    const seconds = patienceTargets * (this.#targetSeconds() ?? usualTargetSeconds)
    return { kind: "waiting", timer: setTimeout(() => this.#finish("left"), seconds * 1000) }
  }

  #finish(how: ViewerExit): void {
    if (this.#state.kind === "over") return
    if (this.#state.kind === "waiting") clearTimeout(this.#state.timer)
    this.#state = { kind: "over" }
    this.#end.resolve(how)
  }
}
