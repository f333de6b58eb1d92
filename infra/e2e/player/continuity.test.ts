import { describe, expect, it } from "vitest"
import { counterOf, hasPcr } from "./packet.ts"
import { announcement, delay, drop, edit, indexesOf, insert, repeat } from "./test-support/break-packets.ts"
import { AUDIO_PID, checkPackets, makeSubject, nth, VIDEO_PID } from "./test-support/check-whole.ts"
import { KEYFRAMES } from "./test-support/make-stream.ts"

const { packets, good, video, audio, frames, keyframes } = await makeSubject()

describe("continuity counters", () => {
  it("counts one error for one lost packet, on its PID", () => {
    const report = checkPackets(drop(packets, [nth(video, 50)]))
    expect(report).toMatchObject({ ccErrors: 1, ccErrorsByPid: { [VIDEO_PID]: 1 }, ccRepeatErrors: 0 })
  })

  it("counts losses on two PIDs apart, and a run of losses once", () => {
    const lost = [nth(video, 50), nth(video, 51), nth(video, 52), nth(audio, 9), nth(audio, 20)]
    const report = checkPackets(drop(packets, lost))
    expect(report).toMatchObject({ ccErrors: 3, ccErrorsByPid: { [VIDEO_PID]: 1, [AUDIO_PID]: 2 } })
  })

  it("sees a loss of 16 packets, which leaves the counter as a repeat does", () => {
    const report = checkPackets(drop(packets, video.slice(50, 65)))
    expect(report).toMatchObject({ ccErrors: 1, ccRepeatErrors: 1, duplicatePackets: 0 })
  })

  it("allows a packet twice, and takes its content once", () => {
    const report = checkPackets(repeat(packets, nth(keyframes, 1)))
    expect(report).toEqual({
      ...good,
      bytes: good.bytes + 188,
      packets: good.packets + 1,
      duplicatePackets: 1,
      mediaBitsPerSecond: report.mediaBitsPerSecond,
    })
  })

  it("allows a copy to carry a PCR of its own", () => {
    const index = nth(indexesOf(packets, hasPcr), 5)
    const copied = edit(repeat(packets, index), index + 1, (packet) => {
      packet.writeUInt8(packet.readUInt8(11) ^ 0x01, 11)
    })
    expect(checkPackets(copied)).toMatchObject({ ccErrors: 0, duplicatePackets: 1 })
  })

  it("counts an error for a packet that comes three times", () => {
    const report = checkPackets(repeat(packets, nth(video, 50), 2))
    expect(report).toMatchObject({ ccErrors: 1, ccRepeatErrors: 1, duplicatePackets: 1 })
  })

  it("counts an error for a copy that differs", () => {
    const index = nth(video, 50)
    const altered = edit(repeat(packets, index), index + 1, (packet) => {
      packet.writeUInt8(packet.readUInt8(187) ^ 0xff, 187)
    })
    expect(checkPackets(altered)).toMatchObject({ ccErrors: 1, ccRepeatErrors: 1, duplicatePackets: 0 })
  })

  it("counts three errors for two packets that changed places", () => {
    const report = checkPackets(delay(packets, nth(video, 50), nth(video, 51)))
    expect(report).toMatchObject({ ccErrors: 3, ccRepeatErrors: 0 })
  })

  it("counts an error when a packet without payload moves the counter", () => {
    const index = nth(video, 50)
    const stuffing = announcement(VIDEO_PID, counterOf(nth(packets, index)))
    stuffing.writeUInt8(0, 5)
    // The payload behind it finds its number taken, which is the second error.
    expect(checkPackets(insert(packets, index, stuffing))).toMatchObject({ ccErrors: 2, ccRepeatErrors: 1 })
  })

  it("takes a loss that is announced ahead of a keyframe", () => {
    const keyframe = nth(keyframes, 2)
    const ahead = announcement(VIDEO_PID, (counterOf(nth(packets, keyframe)) - 1) & 0x0f)
    const lost = video.filter((index) => index >= nth(frames, 30) && index < keyframe)
    const report = checkPackets(drop(insert(packets, keyframe, ahead), lost))
    expect(report).toMatchObject({
      ccErrors: 0,
      discontinuities: 1,
      splicesOffKeyframe: 0,
      keyframes: KEYFRAMES,
    })
  })

  it("tells an announced splice that does not go on with a keyframe", () => {
    const announceAt = (index: number) => {
      const counter = (counterOf(nth(packets, index)) - 1) & 0x0f
      return checkPackets(insert(packets, index, announcement(VIDEO_PID, counter)))
    }
    const inMidFrame = nth(video, video.indexOf(nth(keyframes, 1)) + 1)
    expect(announceAt(nth(frames, 30))).toMatchObject({ discontinuities: 1, splicesOffKeyframe: 1 })
    expect(announceAt(inMidFrame)).toMatchObject({ discontinuities: 1, splicesOffKeyframe: 1 })
    expect(announceAt(nth(keyframes, 1))).toMatchObject({ discontinuities: 1, splicesOffKeyframe: 0 })
  })
})
