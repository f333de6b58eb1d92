import { errorResponse } from "@tributary/shared/http/errors"
import { isSameSecret } from "@tributary/shared/secrets/same-secret"
import type { HonoRequest } from "hono"
import type { Edge } from "../../edge.ts"
import { callerAddress } from "./caller-address.ts"
import { TokenTries } from "./token-tries.ts"
import { tooManyTries } from "./too-many-tries.ts"

/**
 * Null when a given token is one of these; else why not. Whoever guessed too often is not told either that one was
 * right.
 */
export async function checkToken(
  request: HonoRequest,
  edge: Edge,
  given: string,
  { tokens, refusal }: { tokens: readonly string[]; refusal: string },
): Promise<Response | null> {
  const same = await Promise.all(tokens.map((token) => isSameSecret(given, token)))
  const isRight = same.includes(true)
  const tries = new TokenTries(edge)
  const address = callerAddress(request, edge.config)
  const allowance = isRight ? await tries.look(address) : await tries.take(address)
  if (!allowance.ok) return tooManyTries(allowance.retryAfterSeconds)
  return isRight ? null : errorResponse("unauthorized", refusal)
}
