import { describe, expect, it } from "vitest"
import { splitArguments } from "./split-arguments.ts"

describe("a template is split as a shell would", () => {
  it.each<[string, string[]]>([
    ["-c  copy\t-sn ", ["-c", "copy", "-sn"]],
    ["", []],
    ["'a b' \"c d\" e\\ f", ["a b", "c d", "e f"]],
    ["a'b c'd\"e\"", ["ab cde"]],
    ["'' \"\"", ["", ""]],
    ["'a;b|c$d`e\\'", ["a;b|c$d`e\\"]],
    ['"a;b|c\'d" "\\$ \\" \\\\ \\x"', ["a;b|c'd", '$ " \\ \\x']],
    ["a\\;b \\'c", ["a;b", "'c"]],
    ["a\\\nb", ["ab"]],
    ["*.ts ? [0:v] ~ #x {a,b} !x", ["*.ts", "?", "[0:v]", "~", "#x", "{a,b}", "!x"]],
  ])("%j", (template, words) => {
    expect(splitArguments(template)).toEqual({ ok: true, words })
  })

  it.each([";", "|", "&", "<", ">", "$", "`"])("but without one: %s stands for nothing", (character) => {
    const split = splitArguments(`-c copy${character}x -sn`)
    expect(split).toMatchObject({ ok: false, message: expect.stringContaining(`"copy${character}x"`) })
  })

  it.each(['"$x"', '"`x`"', "a\nb", "a\rb", "'a\nb'", "a\u0000", "\\\u0001", "'a", '"a', "a\\"])(
    "refuses %j",
    (template) => {
      expect(splitArguments(template)).toMatchObject({ ok: false })
    },
  )
})
