/** What a Range header asks of `size` bytes: everything, one part (`end` inclusive), or nothing there is. */
export type ByteRange = { kind: "whole" } | { kind: "part"; start: number; end: number } | { kind: "outside" }

/** RFC 9110 14.1.2. Anything malformed, and several ranges at once, count as no Range header at all. */
export function byteRange(header: string | undefined, size: number): ByteRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "")
  const first = match?.[1] ?? ""
  const last = match?.[2] ?? ""
  if (first === "" && last === "") return { kind: "whole" }
  if (first === "") {
    const length = Math.min(Number(last), size)
    return length === 0 ? { kind: "outside" } : { kind: "part", start: size - length, end: size - 1 }
  }
  const start = Number(first)
  if (last !== "" && Number(last) < start) return { kind: "whole" }
  if (start >= size) return { kind: "outside" }
  return { kind: "part", start, end: last === "" ? size - 1 : Math.min(Number(last), size - 1) }
}
