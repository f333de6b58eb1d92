import type { HonoRequest } from "hono"
import type { EdgeConfig } from "../../bindings.ts"

/**
 * Where a request came from; empty when that is not known. Cloudflare sets this header itself, and overwrites what a
 * client sends; where nobody does, anybody could write anything into it. `X-Forwarded-For` can be forged anywhere.
 */
export const callerAddress = (request: HonoRequest, config: EdgeConfig): string =>
  config.TRUST_CF_CONNECTING_IP === "true" ? (request.header("cf-connecting-ip") ?? "") : ""
