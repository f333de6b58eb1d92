import { byte } from "../packet.ts"
import type { VideoCodec } from "../programme.ts"
import { BitReader } from "./bit-reader.ts"

/** Of the picture as it is shown: 1920x1080 is coded as 1088 lines, and cropped. */
export interface PictureSize {
  width: number
  height: number
}

/** The size that the sequence header in the first bytes of a picture tells; null when there is none. */
export function pictureSize(data: Buffer, codec: VideoCodec): PictureSize | null {
  for (let at = data.indexOf(startCode); at >= 0; at = data.indexOf(startCode, at + 3)) {
    const size = sizeIn(data, at + startCode.length, codec)
    if (size !== null && size.width > 0 && size.height > 0) return size
  }
  return null
}

const startCode = Buffer.from([0, 0, 1])

function sizeIn(data: Buffer, at: number, codec: VideoCodec): PictureSize | null {
  const code = byte(data, at)
  switch (codec) {
    case "h264":
      return (code & 0x1f) === 7 ? sizeOfH264(readerAt(data, at + 1)) : null
    case "hevc":
      return ((code >> 1) & 0x3f) === 33 ? sizeOfHevc(readerAt(data, at + 2)) : null
    case "mpeg1":
    case "mpeg2": {
      // sequence_header (ISO 13818-2 6.2.2.1), whose sizes are those of the shown picture.
      const reader = new BitReader(data, at + 1)
      return code === 0xb3 ? { width: reader.bits(12), height: reader.bits(12) } : null
    }
  }
}

const maxHeaderBytes = 256

/** Reads behind a unit's header, without emulation_prevention_three_byte (ISO 14496-10 7.3.1). */
function readerAt(data: Buffer, at: number): BitReader {
  const plain: number[] = []
  let zeros = 0
  for (const value of data.subarray(at, at + maxHeaderBytes)) {
    const isEscape = zeros >= 2 && value === 3
    zeros = value === 0 ? zeros + 1 : 0
    if (!isEscape) plain.push(value)
  }
  return new BitReader(Buffer.from(plain))
}

// ISO 14496-10 7.3.2.1.1: profiles whose parameter set tells the chroma format.
const highProfiles: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
])

/** seq_parameter_set_data (ISO 14496-10 7.3.2.1.1). */
function sizeOfH264(reader: BitReader): PictureSize {
  const profile = reader.bits(8)
  reader.skip(16)
  reader.unsigned()
  const chroma = highProfiles.has(profile) ? readH264Chroma(reader) : 1
  reader.unsigned()
  skipOrderCount(reader)
  reader.unsigned()
  reader.skip(1)
  const width = (reader.unsigned() + 1) * 16
  const lines = (reader.unsigned() + 1) * 16
  const fields = reader.flag() ? 1 : 2
  if (fields === 2) reader.skip(1)
  reader.skip(1)
  return crop(reader, { width, height: lines * fields }, chroma, fields)
}

/** chroma_format_idc; 0 as well when the colours are coded apart. Goes past the scaling matrices. */
function readH264Chroma(reader: BitReader): number {
  const chroma = reader.unsigned()
  const isApart = chroma === 3 && reader.flag()
  reader.unsigned()
  reader.unsigned()
  reader.skip(1)
  const lists = reader.flag() ? (chroma === 3 ? 12 : 8) : 0
  for (let list = 0; list < lists; list++) if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64)
  return isApart ? 0 : chroma
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8
  let next = 8
  for (let index = 0; index < size; index++) {
    if (next !== 0) next = (last + reader.signed() + 256) & 0xff
    last = next === 0 ? last : next
  }
}

/** pic_order_cnt_type and what goes with it. */
function skipOrderCount(reader: BitReader): void {
  const type = reader.unsigned()
  if (type === 0) reader.unsigned()
  if (type !== 1) return
  reader.skip(1)
  reader.signed()
  reader.signed()
  const frames = Math.min(reader.unsigned(), 255)
  for (let frame = 0; frame < frames; frame++) reader.signed()
}

/** seq_parameter_set_rbsp (ISO 23008-2 7.3.2.2.1). */
function sizeOfHevc(reader: BitReader): PictureSize {
  reader.skip(4)
  const subLayers = reader.bits(3)
  reader.skip(1)
  skipProfile(reader, subLayers)
  reader.unsigned()
  const format = reader.unsigned()
  const chroma = format === 3 && reader.flag() ? 0 : format
  return crop(reader, { width: reader.unsigned(), height: reader.unsigned() }, chroma, 1)
}

/** profile_tier_level (7.3.3): 88 bits of profile and 8 of level, then the same for sub-layers that have them. */
function skipProfile(reader: BitReader, subLayers: number): void {
  reader.skip(96)
  const skipped = Array.from({ length: subLayers }, () => (reader.flag() ? 88 : 0) + (reader.flag() ? 8 : 0))
  if (subLayers > 0) reader.skip(2 * (8 - subLayers))
  for (const bits of skipped) reader.skip(bits)
}

/** Takes off what the cropping window leaves out, which is told in samples of colour. */
function crop(
  reader: BitReader,
  { width, height }: PictureSize,
  chroma: number,
  fields: number,
): PictureSize {
  if (!reader.flag()) return { width, height }
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1
  const unitY = (chroma === 1 ? 2 : 1) * fields
  const sides = reader.unsigned() + reader.unsigned()
  return { width: width - unitX * sides, height: height - unitY * (reader.unsigned() + reader.unsigned()) }
}
