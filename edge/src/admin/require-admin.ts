import { errorResponse } from "@tributary/shared/http/errors"
import type { Context, Next } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"

/** Lets only calls with the admin token pass. */
export async function requireAdmin(
  context: Context<{ Bindings: Bindings }>,
  next: Next,
): Promise<Response | undefined> {
  const { config } = await edgeOf(context.env)
  const given = /^Bearer +(.+)$/i.exec(context.req.header("authorization") ?? "")?.[1]
  if (given === undefined)
    return errorResponse("unauthorized", "Say who you are: the header Authorization: Bearer ADMIN_TOKEN.")
  if (!(await isSame(given, config.ADMIN_TOKEN)))
    return errorResponse("unauthorized", "This is not the admin token.")
  await next()
}

// Of digests, so that the time tells nothing of the token's length either.
async function isSame(one: string, other: string): Promise<boolean> {
  const digests = [one, other].map((text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))
  const [a, b] = (await Promise.all(digests)) as [ArrayBuffer, ArrayBuffer]
  return crypto.subtle.timingSafeEqual(a, b)
}
