import { describe, expect, it } from "vitest"
import { streamWith } from "./live-fixture.ts"
import { feedWords, pictureWords, soundWords, viewerWords } from "./stream-words.ts"

describe("a stream in words", () => {
  it("says where it comes from", () => {
    expect(feedWords(streamWith({ feedPosition: 2 }))).toBe("Acme, primary, feed 2 of 3")
    expect(feedWords(streamWith({ sourceName: null, feedPosition: null }))).toBe("acme, primary")
  })

  it("says what it is made of, as far as it is known", () => {
    expect(pictureWords(streamWith({ framesPerSecond: 30_000 / 1001 }))).toBe("H264 1920×1080, 29.97 fps")
    expect(pictureWords(streamWith({ width: null, framesPerSecond: null }))).toBe("H264")
    expect(pictureWords(streamWith({ videoCodec: null }))).toBeNull()
    const audio = [
      { codec: "aac", channels: 2, sampleRate: null, language: "eng" },
      { codec: "ac3", channels: 6, sampleRate: null, language: null },
      { codec: "mp2", channels: 3, sampleRate: null, language: null },
    ]
    expect(soundWords(streamWith({ audio }))).toBe("AAC stereo (eng), AC3 5.1, MP2 3 channels")
    expect(soundWords(streamWith({ audio: [] }))).toBeNull()
  })

  it("says who watches it", () => {
    const who = [
      { username: "ann", isRelay: false },
      { username: null, isRelay: false },
      { username: null, isRelay: true },
    ]
    expect(who.map(viewerWords)).toEqual(["ann", "Public playlist", "A streamer that relays it"])
  })
})
