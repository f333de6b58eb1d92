import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ImportError } from "../import-error.ts"
import { JsonElements } from "./json-elements.ts"

fc.configureGlobal({ seed: 20_261_121 })

/** The text in pieces that end at these offsets. */
function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length))
}

function read(pieces: readonly Buffer[], maxElementBytes?: number) {
  const scanner = new JsonElements(maxElementBytes)
  const elements = pieces.flatMap((piece) => scanner.push(piece)).map(String)
  return { shape: scanner.end(), elements }
}
const readText = (text: string) => read([Buffer.from(text)])

/** A document as a panel could write it: with or without spaces, with or without escapes of what is not ASCII. */
const written = (value: unknown, indent: number, isEscaped: boolean) => {
  const text = JSON.stringify(value, null, indent)
  if (!isEscaped) return text
  return text.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
}
const documents = (value: fc.Arbitrary<unknown>) =>
  fc.tuple(value, fc.nat(3), fc.boolean(), fc.array(fc.nat(), { maxLength: 20 }))

describe("the elements of a JSON answer", () => {
  it("are those that JSON.parse finds in a list, wherever its pieces end", () => {
    fc.assert(
      fc.property(documents(fc.array(fc.jsonValue())), ([list, indent, isEscaped, cuts]) => {
        const { shape, elements } = read(split(Buffer.from(written(list, indent, isEscaped)), cuts))
        expect(shape).toBe("list")
        expect(elements.map((element) => JSON.parse(element))).toEqual(JSON.parse(JSON.stringify(list)))
      }),
      { numRuns: 1000 },
    )
  })

  it("are those that JSON.parse finds in a map, with their keys", () => {
    fc.assert(
      fc.property(
        documents(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue())),
        ([map, indent, isEscaped, cuts]) => {
          const { shape, elements } = read(split(Buffer.from(written(map, indent, isEscaped)), cuts))
          expect(shape).toBe("map")
          expect(JSON.parse(`{${elements.join(",")}}`)).toEqual(JSON.parse(JSON.stringify(map)))
          for (const element of elements) expect(Object.keys(JSON.parse(`{${element}}`))).toHaveLength(1)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it("are the same when every byte comes alone", () => {
    const text = String.raw`[ {"a":"x,]}[{\"\\"} , "\\", [1,[2,{"b":"\u005d,"}]] ,{}, "é\"日"]`
    const expected = ['{"a":"x,]}[{\\"\\\\"}', '"\\\\"', '[1,[2,{"b":"\\u005d,"}]]', "{}", '"é\\"日"']
    const bytes = Buffer.from(text)
    for (const pieces of [[bytes], Array.from(bytes, (byte) => Buffer.of(byte))])
      expect(read(pieces).elements.map((element) => element.trim())).toEqual(expected)
  })

  it("cost only themselves when they are not valid", () => {
    expect(readText('[{"a":1},{nonsense},{"b":2}]').elements).toEqual(['{"a":1}', "{nonsense}", '{"b":2}'])
    expect(readText("[1,,2,]").elements).toEqual(["1", "2"])
  })

  it.each([
    ["[]", "list"],
    [" \n[ \t\r\n]\n", "list"],
    ["{}", "map"],
    ["\ufeff[]", "list"],
    ["[]<br />\n<b>Warning</b>: in /home/panel", "list"],
    ["null", "nothing"],
    ["\ufefffalse\n", "nothing"],
    ['""', "nothing"],
  ])("are none in %j", (text, shape) => {
    for (const pieces of [[Buffer.from(text)], Array.from(Buffer.from(text), (byte) => Buffer.of(byte))])
      expect(read(pieces)).toEqual({ shape, elements: [] })
  })

  it.each([
    ["", "is empty"],
    [" \n", "is empty"],
    ["<html>", "web page"],
    ["\n\n<!DOCTYPE html>", "web page"],
    ["7", "is not Xtream's"],
    ["true", "is not Xtream's"],
    ["nullo", "is not Xtream's"],
    ["Not found: this account does not exist", "is not Xtream's"],
    ["]", "is not Xtream's"],
    ["[1}", "is not Xtream's"],
    ['{"a":1]', "is not Xtream's"],
    ["[", "breaks off"],
    ["[1,2", "breaks off"],
    ["[1,2,", "breaks off"],
    ['["]', "breaks off"],
    ['["\\"]', "breaks off"],
    ['{"a":{}', "breaks off"],
  ])("are none in %j: the answer %s", (text, words) => {
    for (const pieces of [[Buffer.from(text)], Array.from(Buffer.from(text), (byte) => Buffer.of(byte))]) {
      expect(() => read(pieces)).toThrow(ImportError)
      expect(() => read(pieces)).toThrow(words)
    }
  })

  it("are missed by no beginning of a list that breaks off", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(), (list, cut) => {
        const bytes = Buffer.from(JSON.stringify(list))
        expect(() => read([bytes.subarray(0, cut % bytes.length)])).toThrow(ImportError)
      }),
    )
  })

  it("throw nothing but an ImportError, whatever the bytes", () => {
    const likely = fc.constantFrom(...Array.from('[]{}",:\\ 0n<a\ufeff', (char) => Buffer.from(char)))
    const noise = fc.array(fc.oneof(likely, fc.uint8Array({ maxLength: 3 }).map(Buffer.from)), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(noise, (pieces) => {
        try {
          read(pieces)
        } catch (error) {
          expect(error).toBeInstanceOf(ImportError)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it("are not held when one is longer than it may be, which costs only that one", () => {
    const long = `"${"x".repeat(100)}"`
    const bytes = Buffer.from(`[1,${long},2,"${"y".repeat(30)}"]`)
    for (const cuts of [[], [10, 50, 90], Array.from(bytes, (_, at) => at)])
      expect(read(split(bytes, cuts), 50).elements).toEqual(["1", "", "2", `"${"y".repeat(30)}"`])
  })

  it("are not waited for in a text that does not end", () => {
    expect(() => new JsonElements().push(Buffer.from("null and more".repeat(10)))).toThrow(ImportError)
  })

  it("end with the list: what follows is not looked at", () => {
    expect(readText("[1]]]]{{{[2,3").elements).toEqual(["1"])
  })
})
