import { byte } from "../packet.ts"
import { BitReader } from "./bit-reader.ts"

export interface SoundFormat {
  /** Where the header tells more than the stream's type does. */
  codec: string | null
  channels: number | null
  sampleRate: number | null
}

export type SoundSyntax = "adts" | "mpeg" | "ac3"

/** What the first frame header in these bytes of sound tells; null when there is none. */
export function readSoundHeader(data: Buffer, syntax: SoundSyntax): SoundFormat | null {
  const [read, longest] = readers[syntax]
  for (let at = 0; at + longest <= data.length; at++) {
    const found = read(data, at)
    if (found !== null) return found
  }
  return null
}

type Reader = (data: Buffer, at: number) => SoundFormat | null

const readers: Record<SoundSyntax, readonly [read: Reader, headerBytes: number]> = {
  adts: [readAdts, 7],
  mpeg: [readMpeg, 4],
  ac3: [readAc3, 8],
}

// ISO 14496-3 table 1.18.
const adtsRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]

/** ADTS (ISO 14496-3 1.A.2.2): the rate of the core, which is half of what HE-AAC plays. */
function readAdts(data: Buffer, at: number): SoundFormat | null {
  const sampleRate = adtsRates[(byte(data, at + 2) >> 2) & 0x0f]
  if (byte(data, at) !== 0xff || (byte(data, at + 1) & 0xf6) !== 0xf0 || sampleRate === undefined) return null
  const layout = ((byte(data, at + 2) & 1) << 2) | (byte(data, at + 3) >> 6)
  // 0: told within the sound; 7: 7.1 (table 1.19).
  return { codec: null, channels: layout === 0 ? null : layout === 7 ? 8 : layout, sampleRate }
}

const mpegLayers = [null, "mp3", "mp2", "mp1"]
const mpegRates = [44100, 48000, 32000]

/** MPEG-1 and 2 audio (ISO 11172-3 2.4.1.3, ISO 13818-3 2.4.2.3). */
function readMpeg(data: Buffer, at: number): SoundFormat | null {
  const second = byte(data, at + 1)
  const rate = mpegRates[(byte(data, at + 2) >> 2) & 3]
  const layer = (second >> 1) & 3
  if (byte(data, at) !== 0xff || (second & 0xe0) !== 0xe0 || layer === 0 || rate === undefined) return null
  const divisor = [4, null, 2, 1][(second >> 3) & 3] ?? null
  if (divisor === null) return null
  return {
    codec: mpegLayers[layer] ?? null,
    channels: byte(data, at + 3) >> 6 === 3 ? 1 : 2,
    sampleRate: rate / divisor,
  }
}

const ac3Rates = [48000, 44100, 32000]
// ETSI TS 102 366 table 4.3: by acmod.
const ac3Channels = [2, 1, 2, 3, 3, 4, 4, 5]

/** AC-3 and E-AC-3 (ETSI TS 102 366 4.3.1, 4.3.2 and E.1.2), whose bsid stands at the same place. */
function readAc3(data: Buffer, at: number): SoundFormat | null {
  if (byte(data, at) !== 0x0b || byte(data, at + 1) !== 0x77) return null
  return byte(data, at + 5) >> 3 <= 10 ? readPlainAc3(data, at) : readEnhancedAc3(data, at)
}

function readPlainAc3(data: Buffer, at: number): SoundFormat | null {
  const sampleRate = ac3Rates[byte(data, at + 4) >> 6]
  if (sampleRate === undefined) return null
  const reader = new BitReader(data, at + 6)
  const mode = reader.bits(3)
  if ((mode & 1) !== 0 && mode !== 1) reader.skip(2)
  if ((mode & 4) !== 0) reader.skip(2)
  if (mode === 2) reader.skip(2)
  return { codec: null, channels: (ac3Channels[mode] ?? 0) + reader.bits(1), sampleRate }
}

function readEnhancedAc3(data: Buffer, at: number): SoundFormat | null {
  const reader = new BitReader(data, at + 4)
  const rate = reader.bits(2)
  const second = reader.bits(2)
  // 3: half the rate that the next two bits tell.
  const sampleRate = rate === 3 ? (ac3Rates[second] ?? 0) / 2 : (ac3Rates[rate] ?? 0)
  if (sampleRate === 0) return null
  const mode = reader.bits(3)
  return { codec: null, channels: (ac3Channels[mode] ?? 0) + reader.bits(1), sampleRate }
}
