import fc from "fast-check"
import { CompactEncrypt } from "jose"
import { describe, expect, it } from "vitest"
import { deriveKeys } from "./keys.ts"
import { seal, unseal } from "./seal.ts"

fc.configureGlobal({ seed: 20_261_003 })

const keys = await deriveKeys("a secret of an installation, long enough")
const otherKeys = await deriveKeys("a secret of an installation, long enougj")

describe("seal", () => {
  it("gives back what was sealed, and shows nothing of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const sealed = await seal(keys, value)
        expect(await unseal(keys, sealed)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(sealed).toMatch(/^[\w.-]+$/)
      }),
    )
    const sealed = await seal(keys, { password: "hunter2hunter2" })
    const parts = sealed.split(".").map((part) => atob(part.replaceAll("-", "+").replaceAll("_", "/")))
    expect(parts.join()).not.toContain("hunter2")
  })

  it("seals the same value differently each time", async () => {
    expect(await seal(keys, "same")).not.toBe(await seal(keys, "same"))
  })

  it("cannot be opened with another installation's secret", async () => {
    await expect(unseal(otherKeys, await seal(keys, "x"))).rejects.toThrow()
  })

  it("cannot be opened when a single character was changed", async () => {
    const sealed = await seal(keys, { password: "hunter2" })
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1)
      // The last character of a part may hold bits that mean nothing.
      const isTail = /^(?:\.|$)/.test(sealed.slice(at + 1))
      if (!isTail) await expect(unseal(keys, changed), `at ${at}`).rejects.toThrow()
    }
  })

  it("opens no other kind of encryption, whoever made it", async () => {
    const foreign = await new CompactEncrypt(new TextEncoder().encode('"x"'))
      .setProtectedHeader({ alg: "A256KW", enc: "A256GCM" })
      .encrypt(keys.sealing)
    await expect(unseal(keys, foreign)).rejects.toThrow()
    for (const text of ["", "a.b.c", "plain text"]) await expect(unseal(keys, text)).rejects.toThrow()
  })
})
