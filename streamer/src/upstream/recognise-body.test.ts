import { describe, expect, it } from "vitest"
import { recogniseBody } from "./recognise-body.ts"

const text = (written: string) => Buffer.from(written, "latin1")
const kind = (start: Buffer | string, contentType = "", isOver = false) =>
  recogniseBody(contentType, typeof start === "string" ? text(start) : start, isOver)

/** Packets at this distance, of bytes that look like nothing else. */
function packets(count: number, stride = 188, lead = 0): Buffer {
  const bytes = Buffer.alloc(lead + count * stride, 0x81)
  for (let n = 0; n < count; n++) bytes[lead + n * stride + (stride === 192 ? 4 : 0)] = 0x47
  return bytes
}

describe("MPEG-TS", () => {
  it.each([188, 192, 204])("is known by sync bytes %i bytes apart", (stride) => {
    expect(kind(packets(4, stride))).toBe("mpegts")
  })

  it("is known where it begins in the middle of a packet, or after rubbish", () => {
    expect(kind(packets(6).subarray(100))).toBe("mpegts")
    expect(kind(packets(6, 188, 5_000))).toBe("mpegts")
  })

  it.each(["text/html", "application/json", "application/vnd.apple.mpegurl", "", "audio/mpeg"])(
    "is known whatever it is called (%j)",
    (type) => {
      expect(kind(packets(4), type)).toBe("mpegts")
    },
  )

  it("is waited for while there are too few bytes", () => {
    expect(kind("G")).toBeNull()
    expect(kind(packets(1), "text/html")).toBeNull()
    expect(kind(packets(2), "", true)).toBe("mpegts")
    expect(kind(Buffer.alloc(1_000, 0x81))).toBeNull()
    expect(kind(Buffer.alloc(70_000, 0x81))).toEqual({ notVideo: "unknown" })
  })
})

describe("a playlist", () => {
  it.each(["#EXTM3U\n", "\u00ef\u00bb\u00bf#EXTM3U\r\n", "\n \t#EXTM3U", "#EXT-X-VERSION:3\n#EXTM3U"])(
    "is known by its body (%j), whatever its type",
    (body) => {
      for (const type of ["video/mp2t", "text/html", "application/octet-stream", "audio/x-mpegurl"])
        expect(kind(body, type)).toBe("hls")
    },
  )
})

describe("what is not video", () => {
  it.each([
    ["<!DOCTYPE html><p>", "html"],
    ["  \r\n<html>", "html"],
    ["<!-- x -->", "html"],
    ['{"user_info":', "json"],
    ["[]", "json"],
    ['<?xml version="1.0"?>\n<MPD xmlns=', "dash"],
    ["Access denied", "unknown"],
    ["Go away", "unknown"],
  ])("is known at once: %j is %s", (body, notVideo) => {
    expect(kind(body, "video/mp2t")).toEqual({ notVideo })
  })

  it("is what its type says where its bytes say nothing", () => {
    expect(kind("x", "text/html; charset=utf-8")).toEqual({ notVideo: "html" })
    expect(kind("x", "application/dash+xml")).toEqual({ notVideo: "dash" })
    expect(kind("Geo-blocked", "text/html")).toEqual({ notVideo: "html" })
    expect(kind("gone", "application/vnd.apple.mpegurl", true)).toEqual({ notVideo: "hls" })
  })

  it("is nothing when nothing came", () => {
    expect(kind("")).toBeNull()
    expect(kind("", "text/html", true)).toEqual({ notVideo: "empty" })
  })
})

describe("what segments of HLS are made of", () => {
  it("is told by boxes and frames", () => {
    expect(kind("\0\0\0\x18stypmsdh")).toBe("mp4")
    expect(kind("\xff\xf1\x50\x80\x02", "audio/aac")).toBe("aac")
    expect(kind("\xff\xfb\x90\x64\0", "audio/mpeg")).toBe("mp3")
    expect(kind(`ID3\x04\0\0\0\0\0\x05${"x".repeat(5)}\xff\xf1\x50`, "audio/aac")).toBe("aac")
  })

  it("is not seen in stuffing", () => {
    expect(kind(Buffer.alloc(2_000, 0xff))).toBeNull()
  })
})
