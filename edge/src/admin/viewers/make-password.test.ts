import { expect, it } from "vitest"
import { makePassword } from "./make-password.ts"

it("makes each letter of its own byte, every letter of equally many", () => {
  const made = new Map<string, number>()
  for (let byte = 0; byte < 256; byte++) {
    const password = makePassword((bytes) => bytes.fill(byte))
    expect(new Set(password).size).toBe(1)
    made.set(password, (made.get(password) ?? 0) + 1)
  }
  expect([...made.values()]).toEqual(Array(32).fill(8))
  const counted = makePassword((bytes) => bytes.map((_, at) => at))
  expect([counted.length, new Set(counted).size]).toEqual([12, 12])
})
