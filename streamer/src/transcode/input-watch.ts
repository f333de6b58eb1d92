import { heardSounds, isSilent } from "../ffmpeg/heard-sounds.ts"
import type { TranscodeSetting } from "../ffmpeg/transcode-arguments.ts"
import { JoinPointFinder } from "../mpegts/join-points.ts"
import { FormatProbe, type StreamFormat } from "../mpegts/stream-format.ts"
import { ClockWatch } from "./clock-watch.ts"

/** What an ffmpeg cannot go on with: other streams on the same clock, or another clock. */
export interface InputChange {
  clock: "same" | "other"
}

/** One that has come: finds the first place from which another ffmpeg can begin with what comes now. */
interface Awaited extends InputChange {
  finder: JoinPointFinder
}

/**
 * Watches what an ffmpeg is given for what it cannot follow: another picture codec, another size (an encoder keeps
 * the size that it began with), another codec of the first sound, a sound where there was none, a clock that was set
 * anew. A failover to a feed of the same kind is none of these.
 */
export class InputWatch {
  /** Of what ffmpeg began with, as far as it is known. */
  #begun: StreamFormat = { video: null, audio: [] }
  #probe = new FormatProbe()
  #next: Awaited | null = null
  readonly #clock = new ClockWatch()
  readonly #startedSilent: boolean

  /** `sound`: whether ffmpeg was told to take one. */
  constructor(sound: TranscodeSetting["sound"]) {
    this.#startedSilent = sound === "absent"
  }

  get isSilent(): boolean {
    return isSilent(this.#probe.format)
  }

  /** Takes whole packets; tells why ffmpeg has to be started anew, once it can with the stream's newest keyframe. */
  push(packets: Buffer): InputChange | null {
    const isOtherClock = this.#clock.push(packets)
    if (isOtherClock && this.#next?.clock !== "other") return this.#await("other", packets)
    if (this.#next !== null) return this.#look(this.#next, packets)
    // The splicer announces each feed that follows another; before that one has shown what it is, nothing differs.
    if (this.#clock.hasAnnounced) this.#probe = new FormatProbe()
    if (this.#probe.isDone) return null
    this.#probe.push(packets)
    const { format } = this.#probe
    // A size is told by a keyframe: that one is there already.
    if (hasOtherSize(this.#begun, format)) return { clock: "same" }
    const hasSound = this.#startedSilent && heardSounds(format).length > 0
    if (hasSound || hasOtherCodec(this.#begun, format)) return this.#await("same", packets)
    this.#begun = known(this.#begun, format)
    return null
  }

  #await(clock: InputChange["clock"], packets: Buffer): InputChange | null {
    this.#next = { clock, finder: new JoinPointFinder() }
    return this.#look(this.#next, packets)
  }

  #look({ clock, finder }: Awaited, packets: Buffer): InputChange | null {
    return finder.push(packets).length > 0 ? { clock } : null
  }
}

function hasOtherSize({ video: one }: StreamFormat, { video: other }: StreamFormat): boolean {
  if (one === null || other === null || one.codec !== other.codec) return false
  if (one.height === null || other.height === null) return false
  return one.height !== other.height || one.width !== other.width
}

function hasOtherCodec(begun: StreamFormat, now: StreamFormat): boolean {
  if (begun.video !== null && now.video !== null && begun.video.codec !== now.video.codec) return true
  const [sound, newSound] = [begun.audio[0], now.audio[0]]
  return sound !== undefined && newSound !== undefined && sound.codec !== newSound.codec
}

/** What was known stays known while the next feed has not shown it. */
function known(begun: StreamFormat, now: StreamFormat): StreamFormat {
  return {
    video: now.video?.height == null ? (begun.video ?? now.video) : now.video,
    audio: now.audio.some(({ sampleRate }) => sampleRate !== null) ? now.audio : begun.audio,
  }
}
