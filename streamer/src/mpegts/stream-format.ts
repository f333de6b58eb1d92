import { isSound, languageOf, privateFormatOf } from "./descriptors.ts"
import { FrameRate } from "./format/frame-rate.ts"
import { type PictureSize, pictureSize } from "./format/picture-size.ts"
import { readSoundHeader, type SoundFormat, type SoundSyntax } from "./format/sound-header.ts"
import { elementaryAt } from "./keyframe.ts"
import { isScrambled, packetBytes, payloadAt, pidOf, startsUnit } from "./packet.ts"
import { readDts } from "./pes-times.ts"
import { type ListedStream, readPat, readProgramme, type VideoCodec } from "./programme.ts"
import { TableCollector } from "./section.ts"

export interface VideoFormat {
  codec: VideoCodec
  /** As shown, in pixels; null until a keyframe has told. */
  width: number | null
  height: number | null
  framesPerSecond: number | null
}

export interface AudioFormat {
  codec: string
  channels: number | null
  /** In Hz. */
  sampleRate: number | null
  /** ISO 639, three letters, as the stream has it. */
  language: string | null
}

/** What a running stream consists of; null for what is not known, or not yet. */
export interface StreamFormat {
  video: VideoFormat | null
  audio: AudioFormat[]
}

// About 10 MB: what has not shown by then is scrambled, or not there.
const patiencePackets = 55_000
// A sequence header stands at the beginning of a keyframe, behind a delimiter and perhaps a VPS.
const headBytes = 1024

interface VideoProbe {
  pid: number
  codec: VideoCodec
  /** The beginning of the picture that is coming. */
  head: Buffer | null
  size: PictureSize | null
  rate: FrameRate
}

interface SoundProbe {
  codec: string
  language: string | null
  syntax: SoundSyntax | null
  format: SoundFormat | null
}

/** Finds out what a stream consists of, from whole packets; once it is known, a push costs nothing. */
export class FormatProbe {
  readonly #pat = new TableCollector(0)
  #pmtPid = -1
  #pmt = new TableCollector(2)
  #section: Buffer | null = null
  #video: VideoProbe | null = null
  #sounds = new Map<number, SoundProbe>()
  #packets = 0

  /** Nothing more will be found out. */
  get isDone(): boolean {
    return this.#packets >= patiencePackets || (this.#section !== null && this.#isComplete())
  }

  get format(): StreamFormat {
    const video = this.#video
    return {
      video: video && {
        codec: video.codec,
        width: video.size?.width ?? null,
        height: video.size?.height ?? null,
        framesPerSecond: video.rate.framesPerSecond,
      },
      audio: [...this.#sounds.values()].map(({ codec, language, format }) => ({
        codec: format?.codec ?? codec,
        channels: format?.channels ?? null,
        sampleRate: format?.sampleRate ?? null,
        language,
      })),
    }
  }

  push(packets: Buffer): void {
    if (this.isDone) return
    this.#packets += packets.length / packetBytes
    for (let at = 0; at < packets.length; at += packetBytes) this.#take(packets, at)
  }

  #isComplete(): boolean {
    const isHeard = [...this.#sounds.values()].every(
      ({ syntax, format }) => syntax === null || format !== null,
    )
    return isHeard && (this.#video === null || (this.#video.size !== null && this.#video.rate.isKnown))
  }

  #take(packets: Buffer, at: number): void {
    const pid = pidOf(packets, at)
    if (pid === 0) this.#takePat(packets, at)
    else if (pid === this.#pmtPid) this.#takePmt(packets, at)
    else if (isScrambled(packets, at)) return
    else if (pid === this.#video?.pid) takePicture(this.#video, packets, at)
    else this.#takeSound(packets, at, pid)
  }

  #takePat(packets: Buffer, at: number): void {
    const table = this.#pat.push(packets, at)
    const pids = table === null ? [] : readPat(table.section)
    const [first] = pids
    if (first === undefined || pids.includes(this.#pmtPid)) return
    this.#pmtPid = first
    this.#pmt = new TableCollector(2)
  }

  #takePmt(packets: Buffer, at: number): void {
    const section = this.#pmt.push(packets, at)?.section
    if (section === undefined || this.#section?.equals(section)) return
    this.#section = section
    const { streams } = readProgramme(section)
    const video = streams.find((stream) => stream.video !== null)
    this.#video = video?.video
      ? { pid: video.pid, codec: video.video, head: null, size: null, rate: new FrameRate() }
      : null
    this.#sounds = new Map(streams.filter(isSound).map((stream) => [stream.pid, soundProbe(stream)]))
  }

  #takeSound(packets: Buffer, at: number, pid: number): void {
    const sound = this.#sounds.get(pid)
    if (!sound || sound.syntax === null || sound.format !== null || !startsUnit(packets, at)) return
    const payload = packets.subarray(payloadAt(packets, at), at + packetBytes)
    sound.format = readSoundHeader(payload.subarray(elementaryAt(payload)), sound.syntax)
  }
}

function takePicture(video: VideoProbe, packets: Buffer, at: number): void {
  const payload = packets.subarray(payloadAt(packets, at), at + packetBytes)
  if (startsUnit(packets, at)) {
    const dts = readDts(packets, at)
    if (dts !== null) video.rate.push(dts)
    lookAtHead(video)
    video.head = video.size === null ? Buffer.from(payload.subarray(elementaryAt(payload))) : null
  } else if (video.head !== null) video.head = Buffer.concat([video.head, payload])
  if (video.head !== null && video.head.length >= headBytes) lookAtHead(video)
}

function lookAtHead(video: VideoProbe): void {
  if (video.head !== null) video.size = pictureSize(video.head, video.codec)
  video.head = null
}

// Stream types of ISO 13818-1 table 2-34, of ATSC A/53 part 3, and of Blu-ray.
const codecs: Readonly<Record<number, readonly [codec: string, syntax: SoundSyntax | null]>> = {
  3: ["mp2", "mpeg"],
  4: ["mp2", "mpeg"],
  15: ["aac", "adts"],
  17: ["aac_latm", null],
  129: ["ac3", "ac3"],
  130: ["dts", null],
  131: ["truehd", null],
  132: ["eac3", "ac3"],
  133: ["dts", null],
  135: ["eac3", "ac3"],
}
const privateSyntaxes: Readonly<Record<string, SoundSyntax>> = { ac3: "ac3", eac3: "ac3", aac: "adts" }

function soundProbe(stream: ListedStream): SoundProbe {
  const language = languageOf(stream)
  const known = codecs[stream.type]
  if (known !== undefined) return { codec: known[0], syntax: known[1], language, format: null }
  const codec = privateFormatOf(stream) ?? "unknown"
  return { codec, syntax: privateSyntaxes[codec] ?? null, language, format: null }
}
