import { expect, it } from "vitest"
import { byteRange } from "./byte-range.ts"

it.each([
  [undefined, { kind: "whole" }],
  ["bytes=0-", { kind: "part", start: 0, end: 99 }],
  ["bytes=10-19", { kind: "part", start: 10, end: 19 }],
  ["bytes=90-500", { kind: "part", start: 90, end: 99 }],
  ["bytes=-10", { kind: "part", start: 90, end: 99 }],
  ["bytes=-500", { kind: "part", start: 0, end: 99 }],
  ["bytes=99-", { kind: "part", start: 99, end: 99 }],
  ["bytes=100-", { kind: "outside" }],
  ["bytes=-0", { kind: "outside" }],
  ["bytes=20-10", { kind: "whole" }],
  ["bytes=0-1,5-6", { kind: "whole" }],
  ["bytes=-", { kind: "whole" }],
  ["items=0-1", { kind: "whole" }],
])("reads %s of 100 bytes", (header, expected) => {
  expect(byteRange(header, 100)).toEqual(expected)
})
