import { describe, expect, it } from "vitest"
import { contentTypeOf } from "./content-type.ts"
import {
  type FileVersion,
  ifRangeHolds,
  isSameFile,
  readContentRange,
  validatorOf,
  versionOf,
} from "./file-version.ts"

const date = "Tue, 01 Apr 2025 10:00:00 GMT"
const version = (changes: Partial<FileVersion> = {}): FileVersion => ({
  ...{ size: 10, etag: '"a"', lastModified: date, contentType: "video/mp4", hasRanges: true },
  ...changes,
})

describe("a file's version", () => {
  it.each([
    ["bytes 5-9/10", { first: 5, size: 10 }],
    ["Bytes 0-0/*", { first: 0, size: null }],
    ["bytes */10", { first: null, size: 10 }],
    ["bytes 5-/10", null],
    ["5-9/10", null],
    [undefined, null],
  ])("reads Content-Range %j", (header, expected) => {
    expect(readContentRange(header)).toEqual(expected)
  })

  it("is told by a part, by the whole, and by a refusal", () => {
    const headers = { "content-length": "5", etag: '"a"' }
    const none = { lastModified: null, contentType: null, etag: '"a"' }
    expect(versionOf({ status: 206, headers: { ...headers, "content-range": "bytes 5-9/10" } })).toEqual({
      ...none,
      size: 10,
      hasRanges: true,
    })
    expect(versionOf({ status: 200, headers })).toEqual({ ...none, size: 5, hasRanges: false })
    expect(versionOf({ status: 200, headers: { ...headers, "accept-ranges": "bytes" } }).hasRanges).toBe(true)
    expect(versionOf({ status: 416, headers: { "content-range": "bytes */7" } }).size).toBe(7)
  })

  it.each<[Partial<FileVersion>, boolean]>([
    [{}, true],
    [{ size: 11 }, false],
    [{ size: null }, true],
    [{ etag: '"b"' }, false],
    [{ etag: 'W/"a"' }, true],
    [{ etag: null }, true],
    [{ etag: null, lastModified: "Tue, 01 Apr 2025 10:00:01 GMT" }, false],
    [{ lastModified: "Tue, 01 Apr 2025 10:00:01 GMT" }, true],
  ])("with %j is the same: %j", (changes, isSame) => {
    expect(isSameFile(version(), version(changes))).toBe(isSame)
  })

  it("is named to the provider by a strong tag, else by its date", () => {
    expect(validatorOf(version())).toBe('"a"')
    expect(validatorOf(version({ etag: 'W/"a"' }))).toBe(date)
    expect(validatorOf(version({ etag: null, lastModified: null }))).toBeNull()
  })

  it("is what a player's If-Range names only when that is certain", () => {
    expect(ifRangeHolds(undefined, version())).toBe(true)
    expect(ifRangeHolds('"a"', version())).toBe(true)
    expect(ifRangeHolds('W/"a"', version({ etag: 'W/"a"' }))).toBe(false)
    expect(ifRangeHolds("Tuesday, 01-Apr-25 10:00:00 GMT", version())).toBe(true)
    expect(ifRangeHolds("nonsense", version({ lastModified: "nonsense" }))).toBe(false)
  })
})

describe("a content type", () => {
  it.each([
    ["mp4", "video/x-matroska; codecs=x", "video/x-matroska; codecs=x"],
    ["MKV", "application/octet-stream", "video/x-matroska"],
    ["avi", null, "video/x-msvideo"],
    ["ts", "text/plain", "video/mp2t"],
    ["xyz", "binary", "application/octet-stream"],
  ])("of .%s that the provider calls %j is %s", (extension, said, expected) => {
    expect(contentTypeOf(extension, said)).toBe(expected)
  })
})
