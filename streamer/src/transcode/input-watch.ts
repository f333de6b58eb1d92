import { heardSounds, isSilent } from "../ffmpeg/heard-sounds.ts"
import type { TranscodeSetting } from "../ffmpeg/transcode-arguments.ts"
import { JoinPointFinder } from "../mpegts/join-points.ts"
import { hasAdaptation, packetBytes } from "../mpegts/packet.ts"
import { FormatProbe, type StreamFormat } from "../mpegts/stream-format.ts"

const discontinuity = 0x80

/**
 * Watches what an ffmpeg is given for what it cannot follow: another picture codec, another size (an encoder keeps
 * the size that it began with), another codec of the first sound, a sound where there was none. A failover to a feed of
 * the same kind is none of these.
 */
export class InputWatch {
  /** Of what ffmpeg began with, as far as it is known. */
  #begun: StreamFormat = { video: null, audio: [] }
  #probe = new FormatProbe()
  /** It has changed: finds the first place from which another ffmpeg can begin with what comes now. */
  #next: JoinPointFinder | null = null
  readonly #startedSilent: boolean

  /** `sound`: whether ffmpeg was told to take one. */
  constructor(sound: TranscodeSetting["sound"]) {
    this.#startedSilent = sound === "absent"
  }

  get isSilent(): boolean {
    return isSilent(this.#probe.format)
  }

  /** Takes whole packets; true when ffmpeg has to be started anew, with what the stream's newest keyframe begins. */
  push(packets: Buffer): boolean {
    if (this.#next !== null) return this.#next.push(packets).length > 0
    // The splicer announces each feed that follows another; before that one has shown what it is, nothing differs.
    if (announcesDiscontinuity(packets)) this.#probe = new FormatProbe()
    if (this.#probe.isDone) return false
    this.#probe.push(packets)
    const { format } = this.#probe
    // A size is told by a keyframe: that one is there already.
    if (hasOtherSize(this.#begun, format)) return true
    const hasSound = this.#startedSilent && heardSounds(format).length > 0
    if (hasSound || hasOtherCodec(this.#begun, format)) {
      this.#next = new JoinPointFinder()
      return this.#next.push(packets).length > 0
    }
    this.#begun = known(this.#begun, format)
    return false
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

function announcesDiscontinuity(packets: Buffer): boolean {
  for (let at = 0; at + packetBytes <= packets.length; at += packetBytes)
    if (hasAdaptation(packets, at) && packets[at + 4] !== 0 && ((packets[at + 5] ?? 0) & discontinuity) !== 0)
      return true
  return false
}
