import { execFileSync } from "node:child_process"
import { expect, it } from "vitest"
import { shellCommand } from "./shell-command.ts"

it("is read by a shell to the very words", () => {
  const words = [
    ...["-i", "pipe:0", "0:a:0?", "", "two words", "it's", "'", '$HOME `id` \\ "x"', "*", "~", "#", "a\nb"],
    ...["expr:if(isnan(prev_forced_t),1,gt(t,2))", "scale=w='2*trunc(iw/2)':h=-2", "-x", "ü;&|<>"],
  ]
  const program = `${shellCommand("printf", ["%s\\0", ...words])}`
  const printed = execFileSync("/bin/sh", ["-c", program], { encoding: "utf8" })
  expect(printed.split("\0").slice(0, -1)).toEqual(words)
})

it("leaves plain words as they are, to be read", () => {
  expect(shellCommand("ffmpeg", ["-c:v", "libx264", "-b:v", "1400000"])).toBe(
    "ffmpeg -c:v libx264 -b:v 1400000",
  )
})
