import { jwtVerify, SignJWT } from "jose"
import type { Keys } from "./keys.ts"

/** The tiers call each other with a token of one minute, signed like a ticket but for another audience. */
export type TierAudience = "edge-internal" | "streamer-internal"

/** `Authorization` header value for a call to the other tier. */
export async function tierAuthorization(
  keys: Keys,
  audience: TierAudience,
  nowSeconds: number,
): Promise<string> {
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(audience)
    .setExpirationTime(nowSeconds + 60)
    .sign(keys.signing)
  return `Bearer ${token}`
}

/** Whether a call comes from the other tier. Clocks may differ by five minutes. */
export async function isTierCall(
  keys: Keys,
  audience: TierAudience,
  authorization: string | null | undefined,
  nowSeconds: number,
): Promise<boolean> {
  if (!authorization?.startsWith("Bearer ")) return false
  return jwtVerify(authorization.slice(7), keys.signing, {
    audience,
    algorithms: ["HS256"],
    currentDate: new Date(nowSeconds * 1000),
    clockTolerance: 300,
  }).then(
    () => true,
    () => false,
  )
}
