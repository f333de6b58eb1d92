import { type Session, signInSchema } from "@tributary/shared/admin-api/session"
import { errorResponse } from "@tributary/shared/http/errors"
import { log } from "@tributary/shared/log/log"
import { isSameSecret } from "@tributary/shared/secrets/same-secret"
import { type Context, Hono } from "hono"
import type { Bindings } from "../../bindings.ts"
import { edgeOf } from "../../edge.ts"
import { parseBody } from "../parse-request.ts"
import { callerAddress } from "./caller-address.ts"
import { isSameOrigin } from "./same-origin.ts"
import { endSession, giveSession, sessionEnd } from "./session-cookie.ts"
import { TokenTries } from "./token-tries.ts"
import { tooManyTries } from "./too-many-tries.ts"

const logger = log("edge", "admin")

const signedOut: Session = { signedIn: false, expiresAt: null }

/** `/api/session`: the dashboard's way in, open to all. */
export const session = new Hono<{ Bindings: Bindings }>()

session.get("/", async (context) => context.json(await sessionOf(context)))

/** Exchanges the admin token for a cookie. Other pages cannot sign a browser in either. */
session.post("/", async (context) => {
  const edge = await edgeOf(context.env)
  if (!isSameOrigin(context.req.raw, edge.config.BASE_URL)) return fromElsewhere()
  const body = await parseBody(context.req, signInSchema)
  if (!body.ok) return errorResponse("bad_request", body.message)
  const address = callerAddress(context.req, edge.config)
  const allowance = await new TokenTries(edge).take(address)
  if (!allowance.ok) return tooManyTries(allowance.retryAfterSeconds)
  if (!(await isSameSecret(body.value.token, edge.config.ADMIN_TOKEN))) {
    logger.warn("a sign-in with a wrong admin token was refused", { address })
    return errorResponse("unauthorized", "This is not the admin token.")
  }
  const expiresAt = await giveSession(context, edge, Date.now())
  logger.info("somebody signed in with the admin token", { address })
  return context.json({ signedIn: true, expiresAt } satisfies Session)
})

session.delete("/", async (context) => {
  const edge = await edgeOf(context.env)
  if (!isSameOrigin(context.req.raw, edge.config.BASE_URL)) return fromElsewhere()
  endSession(context, edge)
  return context.json(signedOut)
})

async function sessionOf(context: Context<{ Bindings: Bindings }>): Promise<Session> {
  const expiresAt = await sessionEnd(context, await edgeOf(context.env), Date.now())
  return expiresAt === null ? signedOut : { signedIn: true, expiresAt }
}

const fromElsewhere = () =>
  errorResponse("forbidden", "Only the dashboard's own page may do this with a browser's session.")
