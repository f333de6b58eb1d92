import { expect, it } from "vitest"
import { Findings } from "./findings.ts"

it("is a proof when something was seen and all of it was as wanted", () => {
  const lines: string[] = []
  const findings = new Findings((line) => lines.push(line))
  expect(findings.isProof).toBe(false)
  findings.note("size", "640x360")
  findings.atLeast("decoded", 200, 175, "pictures")
  findings.sameList("channels", ["News", "Kids"], ["News", "Kids"])
  expect(findings.isProof).toBe(true)
  expect(lines).toEqual(["  size: 640x360", "  decoded: 200 pictures", "  channels: all 2"])
})

it("is none as soon as something was not, and says what was wanted", () => {
  const lines: string[] = []
  for (const spoil of [
    (findings: Findings) => findings.same("errors", "stalled", "none"),
    (findings: Findings) => findings.atLeast("decoded", 174.5, 175, "pictures"),
    (findings: Findings) => findings.sameList("channels", ["News"], ["News", "Kids"]),
    (findings: Findings) => findings.sameList("channels", ["News", "Kids", "Kids"], ["News", "Kids"]),
    (findings: Findings) => findings.fail("it ended"),
  ]) {
    const findings = new Findings((line) => lines.push(line))
    findings.note("size", "640x360")
    spoil(findings)
    expect(findings.isProof).toBe(false)
  }
  expect(lines).toContain("  NOT RIGHT: errors: stalled (wanted: none)")
  expect(lines).toContain("  NOT RIGHT: channels: 1, the 2. is undefined (wanted: 2, the 2. is Kids)")
})
