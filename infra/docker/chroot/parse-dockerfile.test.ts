import { describe, expect, it } from "vitest"
import { readIgnoreFile } from "./ignore-file.ts"
import { copyOf, execFormOf, pairsOf, parseDockerfile } from "./parse-dockerfile.ts"

describe("parseDockerfile", () => {
  it("reads stages with their names, and joins continued lines past comments", () => {
    const stages = parseDockerfile(`# a comment
FROM debian:bookworm AS base
RUN one \\
  # in between
  && two
FROM base
CMD ["node"]
`)
    expect(stages).toEqual([
      { base: "debian:bookworm", name: "base", instructions: [{ name: "RUN", text: "one && two", line: 3 }] },
      { base: "base", name: null, instructions: [{ name: "CMD", text: `["node"]`, line: 7 }] },
    ])
  })

  it.each([
    ["FROM a\nSHELL x", "line 2: SHELL"],
    ["RUN x", "line 1: RUN"],
    ["FROM a\nRUN --mount=type=cache,target=/x y", "line 2: RUN"],
    ["FROM a\nCOPY --chown=1 x y", "line 2: COPY"],
    ["FROM a\nRUN <<END", "line 2: RUN"],
  ])("does not pass over what it does not understand: %j", (text, message) => {
    expect(() => parseDockerfile(text)).toThrow(message)
  })

  it("reads the words of instructions", () => {
    const of = (text: string) => ({ name: "X", text, line: 1 })
    expect(copyOf(of("--from=base a b /c/"))).toEqual({ from: "base", sources: ["a", "b"], target: "/c/" })
    expect(copyOf(of("a ./"))).toEqual({ from: null, sources: ["a"], target: "./" })
    expect(pairsOf(of(`A=1 B="two words" C=""`))).toEqual([
      ["A", "1"],
      ["B", "two words"],
      ["C", ""],
    ])
    expect(execFormOf(of(`--interval=1s CMD ["a", "b c"]`))).toEqual(["a", "b c"])
    expect(() => execFormOf(of("node main.ts"))).toThrow()
  })
})

describe("readIgnoreFile", () => {
  it("lets the last pattern decide that matches a path or a folder above it", () => {
    const isIgnored = readIgnoreFile(
      "# all but\n*\n!shared\n!edge/package.json\n**/*.test.ts\n**/node_modules\n",
    )
    for (const path of [
      "edge",
      "edge/src/app.ts",
      "shared/src/a.test.ts",
      "shared/node_modules/zod/index.js",
    ])
      expect(isIgnored(path), path).toBe(true)
    for (const path of ["shared", "shared/src/a.ts", "edge/package.json"])
      expect(isIgnored(path), path).toBe(false)
  })
})
