import { hmacHex } from "@tributary/shared/secrets/sha256"
import type { Edge } from "../edge.ts"

// Of libhdhomerun (`hdhomerun_discover_validate_device_id`): every other digit counts by this table.
const weights = [0xa, 0x5, 0xf, 0x6, 0x7, 0xc, 0x1, 0xb, 0x9, 0x2, 0x8, 0xd, 0x4, 0x3, 0xe, 0x0]
// As those of real tuners begin.
const beginning = "10"

/** The device that a viewer sees, for as long as this installation lives: eight hexadecimal digits. */
export async function deviceIdOf({ keys }: Edge, username: string): Promise<string> {
  const digest = await hmacHex(keys.passwords, JSON.stringify(["hdhr", username]))
  return withChecksum(`${beginning}${digest.slice(0, 5)}`)
}

/** Seven hexadecimal digits and the eighth that makes a valid id of them. */
export function withChecksum(digits: string): string {
  const sum = Array.from(digits, (digit) => Number.parseInt(digit, 16)).reduce(
    (checksum, digit, at) => checksum ^ (at % 2 === 0 ? (weights[digit] ?? 0) : digit),
    0,
  )
  return `${digits}${sum.toString(16)}`.toUpperCase()
}
