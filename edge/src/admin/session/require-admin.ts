import { bearerToken } from "@tributary/shared/http/bearer-token"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Context, Next } from "hono"
import type { Bindings } from "../../bindings.ts"
import { type Edge, edgeOf } from "../../edge.ts"
import { checkToken } from "./check-token.ts"
import { isSameOrigin } from "./same-origin.ts"
import { sessionEnd } from "./session-cookie.ts"

/** What is known of whoever calls the admin API, for handlers behind `requireAdmin`. */
export interface AdminVariables {
  by: "session" | "token"
}

export type AdminEnvironment = { Bindings: Bindings; Variables: AdminVariables }

const ofTheAdmin = ({ config }: Edge) => ({
  tokens: [config.ADMIN_TOKEN],
  refusal: "This is not the admin token.",
})

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

/** Lets only calls with the admin token pass, and the dashboard's with its session. */
export async function requireAdmin(
  context: Context<AdminEnvironment>,
  next: Next,
): Promise<Response | undefined> {
  const edge = await edgeOf(context.env)
  const given = bearerToken(context.req.header("authorization"))
  const refusal =
    given === null
      ? await bySession(context, edge)
      : await checkToken(context.req, edge, given, ofTheAdmin(edge))
  if (refusal !== null) return refusal
  context.set("by", given === null ? "session" : "token")
  await next()
}

async function bySession(context: Context<AdminEnvironment>, edge: Edge): Promise<Response | null> {
  if ((await sessionEnd(context, edge, Date.now())) === null)
    return errorResponse("unauthorized", "Say who you are: the header Authorization: Bearer ADMIN_TOKEN.")
  // The browser adds the cookie whoever asks: what changes something must come from our own page (CSRF).
  return safeMethods.has(context.req.method) || isSameOrigin(context.req.raw, edge.config.BASE_URL)
    ? null
    : errorResponse(
        "forbidden",
        "With a browser's session only the dashboard's own page may change anything.",
      )
}
