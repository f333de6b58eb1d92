import type { Watching } from "../pool/live-stream.ts"

type State =
  /** Nobody has come yet, or the last one has left. */
  { kind: "idle"; timer: NodeJS.Timeout; isNew: boolean } | { kind: "watched" } | { kind: "closed" }

/** Who watches a transcode, and how long it waits for somebody when nobody does. */
export class Watchings {
  readonly #graceMilliseconds: number
  readonly #onGraceEnded: () => void
  readonly #all = new Set<Watching>()
  #state: State

  /** `firstMilliseconds`: so long the first one may take, who waits for ffmpeg's first output. */
  constructor(
    { firstMilliseconds, graceMilliseconds }: { firstMilliseconds: number; graceMilliseconds: number },
    onGraceEnded: () => void,
  ) {
    this.#graceMilliseconds = graceMilliseconds
    this.#onGraceEnded = onGraceEnded
    this.#state = { kind: "idle", isNew: true, timer: setTimeout(onGraceEnded, firstMilliseconds) }
  }

  get all(): ReadonlySet<Watching> {
    return this.#all
  }

  /** Everybody who watched has left; false while the first one is yet to come. */
  get isLeft(): boolean {
    return this.#state.kind === "idle" && !this.#state.isNew
  }

  add(watching: Watching): void {
    this.#all.add(watching)
    if (this.#state.kind !== "idle") return
    clearTimeout(this.#state.timer)
    this.#state = { kind: "watched" }
  }

  remove(watching: Watching): void {
    if (!this.#all.delete(watching) || this.#all.size > 0 || this.#state.kind !== "watched") return
    this.#state = {
      kind: "idle",
      isNew: false,
      timer: setTimeout(this.#onGraceEnded, this.#graceMilliseconds),
    }
  }

  /** Nobody is waited for any more. */
  close(): void {
    if (this.#state.kind === "idle") clearTimeout(this.#state.timer)
    this.#state = { kind: "closed" }
  }
}
