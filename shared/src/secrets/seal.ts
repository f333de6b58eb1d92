import { CompactEncrypt, compactDecrypt } from "jose"
import type { Keys } from "./keys.ts"

/** Encrypts a JSON value for storage (JWE compact, dir + A256GCM, RFC 7516). */
export async function seal(keys: Keys, value: unknown): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(value)))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(keys.sealing)
}

/** Opens what `seal` made; throws when it was sealed with another secret or altered. */
export async function unseal(keys: Keys, sealed: string): Promise<unknown> {
  const { plaintext } = await compactDecrypt(sealed, keys.sealing, {
    keyManagementAlgorithms: ["dir"],
    contentEncryptionAlgorithms: ["A256GCM"],
  })
  return JSON.parse(new TextDecoder().decode(plaintext))
}
