import { errors } from "undici"
import type { UpstreamFailure } from "../upstream.ts"

const codes: Record<string, "refused" | "unresolved" | "timeout" | "reset"> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  ENOTFOUND: "unresolved",
  EAI_AGAIN: "unresolved",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
}

/** Sorts the errors of undici and of sockets, by their codes, never by their texts. */
export function failureOf(error: unknown): UpstreamFailure {
  if (error instanceof errors.InvalidArgumentError) return { code: "bad_address" }
  if (error instanceof errors.ClientDestroyedError) return { code: "aborted" }
  if (error instanceof Error && error.name === "AbortError") return { code: "aborted" }
  const code = codes[error instanceof Error && "code" in error ? String(error.code) : ""]
  if (code !== undefined) return { code }
  if (error instanceof TypeError) return { code: "bad_address" }
  return { code: "protocol_error" }
}
