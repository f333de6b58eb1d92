import { describe, expect, it } from "vitest"
import { deriveKeys } from "./keys.ts"
import { passwordCheck } from "./password-check.ts"
import { hmacHex, sha256Hex } from "./sha256.ts"

const secret = "0123456789abcdef0123456789abcdef"

describe("deriveKeys", () => {
  it("makes the same keys of the same secret, one for each purpose", async () => {
    const [one, again] = [await deriveKeys(secret), await deriveKeys(secret)]
    expect(again.signing).toEqual(one.signing)
    expect(again.sealing).toEqual(one.sealing)
    expect(await hmacHex(again.passwords, "x")).toBe(await hmacHex(one.passwords, "x"))
    expect(one.signing).not.toEqual(one.sealing)
    expect(one.signing).toHaveLength(32)
    expect(one.sealing).toHaveLength(32)
  })

  it("makes other keys of another secret", async () => {
    const [one, other] = [await deriveKeys(secret), await deriveKeys(`${secret}.`)]
    expect(other.signing).not.toEqual(one.signing)
    expect(other.sealing).not.toEqual(one.sealing)
    expect(await hmacHex(other.passwords, "x")).not.toBe(await hmacHex(one.passwords, "x"))
  })

  it("refuses a secret that could be guessed, and does not repeat it", async () => {
    await expect(deriveKeys(secret.slice(1))).rejects.toThrow(
      /^TRIBUTARY_SECRET must have at least 32 characters$/,
    )
  })
})

describe("passwordCheck", () => {
  it("is the same for the same login and differs for every other", async () => {
    const keys = await deriveKeys(secret)
    const logins = [
      ["ann", "secret"],
      ["ann", "Secret"],
      ["Ann", "secret"],
      ["anns", "ecret"],
      ["ann,", "secret"],
      ['ann","', "secret"],
      ["007", "7"],
      ["7", "007"],
    ] as const
    const checks = await Promise.all(logins.map(([name, password]) => passwordCheck(keys, name, password)))
    expect(new Set(checks).size).toBe(logins.length)
    expect(await passwordCheck(keys, "ann", "secret")).toBe(checks[0])
    expect(checks[0]).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe("sha256Hex", () => {
  it("agrees with FIPS 180-2, and takes texts as UTF-8", async () => {
    expect(await sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    expect(await sha256Hex("é")).toBe("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c")
  })
})
