import type { Keys } from "./keys.ts"
import { hmacHex } from "./sha256.ts"

/**
 * What the store keeps to recognise a viewer's password: an HMAC under the installation's secret, so that
 * one Redis script can compare it without the edge reading the viewer first.
 */
export function passwordCheck(keys: Keys, username: string, password: string): Promise<string> {
  return hmacHex(keys.passwords, JSON.stringify([username, password]))
}
