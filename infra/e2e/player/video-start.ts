import { type AccessUnitScan, createAccessUnitScan } from "./random-access.ts"
import type { VideoCodec } from "./stream-type.ts"

export interface VideoState {
  /** The first video access unit is one where decoding can begin; null before it is known. */
  readonly startsOnKeyframe: boolean | null
  readonly keyframes: number
  readonly firstKeyframeAt: number | null
  /** Announced discontinuities, and changes of the video PID, after which video did not begin anew. */
  readonly splicesOffKeyframe: number
}

/** Judges the access units of the watched video: where it starts, and where it goes on after a splice. */
export function createVideoCheck() {
  let scan: AccessUnitScan | null = null
  let startsOnKeyframe: boolean | null = null
  let keyframes = 0
  let firstKeyframeAt: number | null = null
  let splicesOffKeyframe = 0
  // After a discontinuity the first payload must begin an access point (ISO 13818-1 2.4.3.5).
  let splice: "none" | "announced" | "judging" = "none"

  function settle(isKeyframe: boolean, at: number): void {
    scan = null
    startsOnKeyframe ??= isKeyframe
    if (splice === "judging") {
      if (!isKeyframe) splicesOffKeyframe++
      splice = "none"
    }
    if (!isKeyframe) return
    keyframes++
    firstKeyframeAt ??= at
  }

  function look(payload: Uint8Array, from: number, at: number): void {
    if (scan === null) return
    const verdict = scan(payload, from)
    if (verdict !== "undecided") settle(verdict === "keyframe", at)
  }

  /** A PES packet starts here; `dataStart` is null when its header is broken. */
  function start(
    payload: Uint8Array,
    about: { codec: VideoCodec; dataStart: number | null; randomAccess: boolean; at: number },
  ): void {
    if (scan !== null) settle(false, about.at)
    if (splice === "announced") splice = "judging"
    scan = createAccessUnitScan(about.codec)
    if (about.randomAccess) settle(true, about.at)
    else if (about.dataStart === null) settle(false, about.at)
    else look(payload, about.dataStart, about.at)
  }

  /** More payload of the PES packet that started before. */
  function go(payload: Uint8Array, at: number): void {
    if (splice === "announced") {
      splicesOffKeyframe++
      splice = "none"
    }
    look(payload, 0, at)
  }

  return {
    start,
    go,
    announceSplice(): void {
      // At the very start there is nothing to splice to; startsOnKeyframe judges it.
      if (startsOnKeyframe !== null || scan !== null) splice = "announced"
    },
    state: (): VideoState => ({ startsOnKeyframe, keyframes, firstKeyframeAt, splicesOffKeyframe }),
  }
}
