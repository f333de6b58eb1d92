import { describe, expect, it } from "vitest"
import { classifyPicture } from "./keyframe.ts"
import type { VideoCodec } from "./programme.ts"

/** The beginning of a PES packet with times, and the elementary bytes. */
const pes = (bytes: readonly number[], streamId = 0xe0) =>
  Buffer.from([
    0,
    0,
    1,
    streamId,
    0,
    0,
    0x80,
    0xc0,
    10,
    ...[0x31, 0, 1, 0, 1],
    ...[0x11, 0, 1, 0, 1],
    ...bytes,
  ])
const unit = (code: number) => [0, 0, 1, code, 0x88, 0x80]

const cases: [VideoCodec, string, number[], string][] = [
  ["h264", "an IDR slice", unit(0x65), "key"],
  ["h264", "a delimiter, then an SPS", [...unit(0x09), ...unit(0x67)], "key"],
  ["h264", "a delimiter and SEI, then a slice", [...unit(0x09), ...unit(0x06), ...unit(0x41)], "other"],
  ["h264", "a delimiter alone", unit(0x09), "unknown"],
  ["h264", "four-byte start codes", [0, ...unit(0x09), 0, ...unit(0x65)], "key"],
  ["hevc", "a VPS", unit(0x40), "key"],
  ["hevc", "a delimiter, then an IDR", [...unit(0x46), ...unit(0x26)], "key"],
  ["hevc", "a CRA", unit(0x2a), "key"],
  ["hevc", "a delimiter, then a trailing picture", [...unit(0x46), ...unit(0x02)], "other"],
  ["hevc", "a picture parameter set alone", unit(0x44), "unknown"],
  ["mpeg2", "a sequence header", unit(0xb3), "key"],
  ["mpeg2", "a group header, then a picture", [...unit(0xb8), ...unit(0x00)], "other"],
  ["mpeg1", "a sequence header", unit(0xb3), "key"],
  ["mpeg2", "nothing yet", [], "unknown"],
]

describe("a picture", () => {
  it.each(cases)("of %s with %s is decided", (codec, _, bytes, verdict) => {
    expect(classifyPicture(pes(bytes), codec)).toBe(verdict)
  })

  it.each(cases)(
    "of %s with %s is never taken for another one while it comes",
    (codec, _, bytes, verdict) => {
      const whole = pes(bytes)
      for (let length = 0; length <= whole.length; length++)
        expect(["unknown", verdict]).toContain(classifyPicture(whole.subarray(0, length), codec))
    },
  )

  it("is judged by its own bytes, not by the stream_id of its PES header", () => {
    for (let streamId = 0xe0; streamId <= 0xef; streamId++) {
      expect(classifyPicture(pes(unit(0x41), streamId), "h264"), `stream_id ${streamId}`).toBe("other")
      expect(classifyPicture(pes(unit(0x65), streamId), "h264"), `stream_id ${streamId}`).toBe("key")
    }
  })

  it("is not judged by stuffing in its PES header", () => {
    const header = [0, 0, 1, 0xe0, 0, 0, 0x80, 0, 6, 0, 0, 1, 0x65, 0xff, 0xff]
    expect(classifyPicture(Buffer.from([...header, ...unit(0x41)]), "h264")).toBe("other")
  })
})
