import type { ViewerConfig } from "../config/viewer-config.ts"
import type { Keys } from "../secrets/keys.ts"
import { passwordCheck } from "../secrets/password-check.ts"
import { seal } from "../secrets/seal.ts"
import type { Origin, ViewerRecord } from "./records.ts"

/** What is stored of a viewer's password: to compare it, and to show it to the admin. */
export type StoredPassword = Pick<ViewerRecord, "check" | "sealedPassword">

export async function storedPassword(
  secretKeys: Keys,
  username: string,
  password: string,
): Promise<StoredPassword> {
  return {
    check: await passwordCheck(secretKeys, username, password),
    sealedPassword: await seal(secretKeys, password),
  }
}

/** A configured viewer as they are stored. */
export function viewerRecord(
  { expiresAt, ...open }: Omit<ViewerConfig, "password">,
  password: StoredPassword,
  origin: Origin,
): ViewerRecord {
  return { ...open, origin, ...password, expiresAt: storedTime(expiresAt) }
}

/** Unix milliseconds of an ISO date and time; null: never. */
export function storedTime(written: string | null | undefined): number | null {
  return written == null ? null : Date.parse(written)
}
