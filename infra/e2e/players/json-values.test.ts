import { expect, it } from "vitest"
import { takeObjects } from "./json-values.ts"

it("takes whole objects that come with nothing in between, and leaves one that is not whole yet", () => {
  expect(takeObjects('{"a":{"b":1}}{"c":[{}]}{"d":{')).toEqual({
    objects: [{ a: { b: 1 } }, { c: [{}] }],
    rest: '{"d":{',
  })
})

it("sees no end in a string", () => {
  const text = '{"a":"}{","b":"\\"}"}'
  expect(takeObjects(text)).toEqual({ objects: [{ a: "}{", b: '"}' }], rest: "" })
  expect(takeObjects(text.slice(0, -1))).toEqual({ objects: [], rest: text.slice(0, -1) })
})
