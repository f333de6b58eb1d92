import { bearerToken } from "@tributary/shared/http/bearer-token"
import { errorResponse } from "@tributary/shared/http/errors"
import { isSameSecret } from "@tributary/shared/secrets/same-secret"
import type { Context, Next } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"

/** Lets only calls with the admin token pass. */
export async function requireAdmin(
  context: Context<{ Bindings: Bindings }>,
  next: Next,
): Promise<Response | undefined> {
  const { config } = await edgeOf(context.env)
  const given = bearerToken(context.req.header("authorization"))
  if (given === null)
    return errorResponse("unauthorized", "Say who you are: the header Authorization: Bearer ADMIN_TOKEN.")
  if (!(await isSameSecret(given, config.ADMIN_TOKEN)))
    return errorResponse("unauthorized", "This is not the admin token.")
  await next()
}
