import { describe, expect, it } from "vitest"
import type { MasterPlaylist, MediaPlaylist } from "./playlist.ts"
import { readPlaylist } from "./read-playlist.ts"

const base = "http://panel.test/live/u/p/list.m3u8?token=1"

function media(text: string): MediaPlaylist {
  const read = readPlaylist(text, base)
  if (read?.kind !== "media") throw new Error("no media playlist")
  return read
}
function master(text: string): MasterPlaylist {
  const read = readPlaylist(text, base)
  if (read?.kind !== "master") throw new Error("no master playlist")
  return read
}

const plain = `#EXTM3U
#EXT-X-VERSION:3
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:41
#EXTINF:5.005,
a.ts
#EXT-X-DISCONTINUITY
#EXTINF:6,
/b.ts?x=1
#EXTINF:6,
https://cdn.test/c.ts
`

describe("a media playlist", () => {
  it("has segments with numbers, durations and absolute addresses", () => {
    expect(media(plain)).toMatchObject({
      ...{ targetSeconds: 6, isNumbered: true, isComplete: false },
      segments: [
        { sequence: 41, seconds: 5.005, url: "http://panel.test/live/u/p/a.ts", isDiscontinuous: false },
        { sequence: 42, seconds: 6, url: "http://panel.test/b.ts?x=1", isDiscontinuous: true },
        { sequence: 43, url: "https://cdn.test/c.ts", key: { method: "none" }, span: null, init: null },
      ],
    })
  })

  it.each([
    ["lines ended by CR LF", plain.replaceAll("\n", "\r\n")],
    ["lines ended by CR", plain.replaceAll("\n", "\r")],
    ["a byte order mark", `\ufeff${plain}`],
    ["space around its lines", plain.replaceAll("\n", " \n  ")],
    ["no version", plain.replace("#EXT-X-VERSION:3\n", "")],
    ["a version of the future", plain.replace("VERSION:3", "VERSION:99")],
    ["a repeated version", plain.replace("#EXT-X-VERSION:3\n", "#EXT-X-VERSION:3\n#EXT-X-VERSION:7\n")],
    ["repeated tags", plain.replace("#EXT-X-MEDIA", "#EXT-X-TARGETDURATION:9\n#EXT-X-MEDIA")],
    ["unknown tags", plain.replaceAll("#EXTINF", "#EXT-X-FOO:a=b\n#COMMENT\n#EXTINF")],
    [
      "titles that are not ASCII",
      plain.replaceAll(/(#EXTINF:[\d.]+),/g, "$1,Ünïcode 100%, “quoted” \u{1f4fa}"),
    ],
    ["no comma behind durations", plain.replaceAll(/(#EXTINF:[\d.]+),/g, "$1")],
    ["a space before durations", plain.replaceAll("#EXTINF:", "#EXTINF: ")],
    ["dates", plain.replaceAll("#EXTINF", "#EXT-X-PROGRAM-DATE-TIME:nonsense\n#EXTINF")],
    [
      "date ranges",
      plain.replace("#EXTINF", '#EXT-X-DATERANGE:ID="x",START-DATE="2026-01-01",END-ON-NEXT=YES\n#EXTINF'),
    ],
    [
      "low-latency tags",
      `#EXTM3U\n#EXT-X-SERVER-CONTROL:HOLD-BACK=1\n#EXT-X-PART-INF:PART-TARGET=1\n${plain}`,
    ],
    ["parts", `${plain}#EXT-X-PART:DURATION=1,URI="p.ts"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="q.ts"\n`],
    ["a segment that is yet to come", `${plain}#EXT-X-DISCONTINUITY\n#EXTINF:6,\n`],
    ["a key for what is yet to come", `${plain}#EXT-X-KEY:METHOD=NONE\n`],
  ])("may have %s", (_, text) => {
    const read = media(text)
    expect(read.segments.map(({ sequence, seconds, url }) => [sequence, seconds, url])).toEqual([
      [41, 5.005, "http://panel.test/live/u/p/a.ts"],
      [42, 6, "http://panel.test/b.ts?x=1"],
      [43, 6, "https://cdn.test/c.ts"],
    ])
    expect(read.segments[1]?.isDiscontinuous).toBe(true)
    expect(read.targetSeconds).toBe(6)
  })

  it.each([
    ["#EXT-X-TARGETDURATION:6\n", ""],
    ["DURATION:6", "DURATION:0"],
    ["DURATION:6", "DURATION:x"],
  ])("has its longest segment for a target duration that is missing or wrong (%j)", (from, to) => {
    expect(media(plain.replace(from, to)).targetSeconds).toBe(6)
  })

  it("is not waited for hours because it says so", () => {
    expect(media(plain.replace("DURATION:6", "DURATION:86400")).targetSeconds).toBe(18)
  })

  it("may have segments without #EXTINF", () => {
    const read = media("#EXTM3U\n#EXT-X-TARGETDURATION:4\na.ts\nb.ts\n")
    expect(read.segments.map(({ sequence, url }) => [sequence, url.slice(-4)])).toEqual([
      [0, "a.ts"],
      [1, "b.ts"],
    ])
    expect([read.isNumbered, read.targetSeconds]).toEqual([false, 4])
    expect(media("#EXTM3U\n#EXT-X-VERSION:3\na.ts\n").targetSeconds).toBe(6)
  })

  it.each(["#EXT-X-ENDLIST", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-PLAYLIST-TYPE:vod"])(
    "is complete with %s",
    (tag) => {
      expect(media(plain.replace("#EXT-X-MEDIA", `${tag}\n#EXT-X-MEDIA`)).isComplete).toBe(true)
      expect(
        media(plain.replace("#EXT-X-MEDIA", "#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-MEDIA")).isComplete,
      ).toBe(false)
    },
  )

  it("may have keys, until another or none", () => {
    const text = `#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-KEY:METHOD=AES-128,URI="k?a=1,2",IV=0xABCDEF
#EXTINF:2,
a.ts
#EXTINF:2,
b.ts
#EXT-X-KEY:METHOD=NONE
#EXTINF:2,
c.ts
#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"
#EXTINF:2,
d.ts
#EXT-X-KEY:METHOD=AES-128,URI='it's'
#EXTINF:2,
e.ts
`
    const iv = Buffer.concat([Buffer.alloc(13), Buffer.from("abcdef", "hex")])
    const key = { method: "aes-128", url: "http://panel.test/live/u/p/k?a=1,2", iv }
    expect(
      media(text)
        .segments.slice(0, 4)
        .map((segment) => segment.key),
    ).toEqual([key, key, { method: "none" }, { method: "unsupported" }])
  })

  it("may have parts of files, each behind the one before", () => {
    const text = `#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-MAP:URI="init.mp4",BYTERANGE="800@0"
#EXTINF:2,
#EXT-X-BYTERANGE:100@800
all.mp4
#EXTINF:2,
#EXT-X-BYTERANGE:200
all.mp4
`
    const init = { url: "http://panel.test/live/u/p/init.mp4", span: { offset: 0, length: 800 } }
    expect(media(text).segments).toMatchObject([
      { span: { offset: 800, length: 100 }, init },
      { span: { offset: 900, length: 200 }, init },
    ])
  })
})

describe("a master playlist", () => {
  it("has variants, with and without picture, in any order", () => {
    const text = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="d'oc",DEFAULT=YES
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="b",NAME="x",URI="sound.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="y",URI="text.m3u8"
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="i.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2000000,CODECS="avc1.42c01e,mp4a.40.2",AUDIO="a",SUBTITLES="s"

two.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"
radio.m3u8
#EXT-X-STREAM-INF:RESOLUTION=640x360,AUDIO="b"
http://cdn.test/apart.m3u8
`
    expect(master(text).variants).toEqual([
      {
        url: "http://panel.test/live/u/p/two.m3u8",
        bitsPerSecond: 2_000_000,
        hasVideo: true,
        soundUrl: null,
      },
      {
        url: "http://panel.test/live/u/p/radio.m3u8",
        bitsPerSecond: 64_000,
        hasVideo: false,
        soundUrl: null,
      },
      {
        url: "http://cdn.test/apart.m3u8",
        bitsPerSecond: 0,
        hasVideo: true,
        soundUrl: "http://panel.test/live/u/p/sound.m3u8",
      },
    ])
  })
})

describe("what is no playlist of a stream", () => {
  it.each([
    "",
    "#EXTM3U",
    "#EXTM3U\n#EXTINF:-1,News\nhttp://a.test/1.ts",
    "<html>",
    "\0\0",
    "#EXT-X-STREAM-INF:",
  ])("is null, or has no segments: %j", (text) => {
    const read = readPlaylist(text, base)
    expect(read === null || (read.kind === "media" && read.segments.length === 0)).toBe(true)
  })
})
