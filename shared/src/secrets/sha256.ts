import type { HmacKey } from "./keys.ts"

const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("")

/** SHA-256 of a text (UTF-8), 64 lower-case hexadecimal digits. */
export async function sha256Hex(text: string): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))
}

/** HMAC-SHA-256 of a text under a key, 64 lower-case hexadecimal digits. */
export async function hmacHex(key: HmacKey, text: string): Promise<string> {
  return hex(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)))
}
