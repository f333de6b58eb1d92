import type { HonoRequest } from "hono"

/**
 * Where a request came from; empty when that is not known. Cloudflare sets this header itself, and overwrites what a
 * client sends; `X-Forwarded-For` can be forged.
 */
export const callerAddress = (request: HonoRequest): string => request.header("cf-connecting-ip") ?? ""
