/** What a Range header asks for, before the size of the file is known. */
export type RequestedRange =
  | { kind: "whole" }
  /** `last` is inclusive; null: to the end. */
  | { kind: "from"; first: number; last: number | null }
  | { kind: "suffix"; bytes: number }

const oneRange = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i

/**
 * RFC 9110 14.1.2. What is malformed counts as no Range header; so do several ranges, which 14.2 leaves to the server:
 * no player asks for them.
 */
export function readRange(header: string | undefined): RequestedRange {
  const [, first = "", last = ""] = oneRange.exec(header ?? "") ?? []
  if (first === "" && last === "") return { kind: "whole" }
  if (first === "") return { kind: "suffix", bytes: numberOf(last) }
  const range = { kind: "from", first: numberOf(first), last: last === "" ? null : numberOf(last) } as const
  return range.last !== null && range.last < range.first ? { kind: "whole" } : range
}

/** More than any file has is as good as infinity. */
const numberOf = (digits: string) => Math.min(Number(digits), Number.MAX_SAFE_INTEGER)

/** What of a file is sent: from `first` up to, not including, `end`; null: nothing of what was asked for is there. */
export function sliceOf(range: RequestedRange, size: number): { first: number; end: number } | null {
  switch (range.kind) {
    case "whole":
      return { first: 0, end: size }
    case "suffix": {
      const bytes = Math.min(range.bytes, size)
      return bytes === 0 ? null : { first: size - bytes, end: size }
    }
    case "from": {
      const { first, last } = range
      return first >= size ? null : { first, end: last === null ? size : Math.min(last + 1, size) }
    }
  }
}
