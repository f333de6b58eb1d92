import { jwtVerify, SignJWT } from "jose"
import type { Keys } from "./keys.ts"
import { hmacHex } from "./sha256.ts"

const audience = "admin-session"

/** How long the dashboard stays signed in. */
export const adminSessionSeconds = 14 * 86_400

/**
 * What the dashboard's cookie holds: a JWT, signed like a ticket but for another audience. It says under which admin
 * token it was given, so that changing that token ends every session.
 */
export async function signAdminSession(keys: Keys, adminToken: string, nowSeconds: number): Promise<string> {
  return new SignJWT({ token: await markOf(keys, adminToken) })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(audience)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + adminSessionSeconds)
    .sign(keys.signing)
}

/** When the session ends, in Unix seconds; null when it is none, has ended, or was given under another token. */
export async function verifyAdminSession(
  keys: Keys,
  adminToken: string,
  session: string,
  nowSeconds: number,
): Promise<number | null> {
  const verified = await jwtVerify(session, keys.signing, {
    audience,
    algorithms: ["HS256"],
    currentDate: new Date(nowSeconds * 1000),
  }).catch(() => null)
  const { token, exp } = verified?.payload ?? {}
  return token === (await markOf(keys, adminToken)) && exp !== undefined ? exp : null
}

const markOf = async (keys: Keys, adminToken: string) =>
  (await hmacHex(keys.passwords, `admin token ${adminToken}`)).slice(0, 32)
