/** Why ECS did not do what it was asked. */
export type EcsFailure =
  /** It is asked too often; a minute later it will answer. */
  | { code: "throttled" }
  /** There is no such service or cluster. */
  | { code: "missing" }
  /** It did not answer in time. */
  | { code: "slow" }
  /** The credentials are wrong, or may not do this. `error`: AWS's name for it. */
  | { code: "refused"; error: string }
  | { code: "failed"; error: string }

export type EcsResult<Value> = { ok: true; value: Value } | { ok: false; failure: EcsFailure }

// Common errors of AWS's JSON protocols, and those of the ECS API reference. The last one is of older throttling layers.
const codes: Record<string, Exclude<EcsFailure["code"], "failed">> = {
  ThrottlingException: "throttled",
  TooManyRequestsException: "throttled",
  RequestLimitExceeded: "throttled",
  ServiceNotFoundException: "missing",
  ServiceNotActiveException: "missing",
  ClusterNotFoundException: "missing",
  TimeoutError: "slow",
  AbortError: "slow",
  AccessDeniedException: "refused",
  UnrecognizedClientException: "refused",
  InvalidSignatureException: "refused",
  IncompleteSignatureException: "refused",
  MissingAuthenticationTokenException: "refused",
  ExpiredTokenException: "refused",
  InvalidClientTokenId: "refused",
  OptInRequired: "refused",
}

/** What an error of the SDK means; it names errors as AWS does. */
export function ecsFailure(error: unknown): EcsFailure {
  const name = error instanceof Error ? error.name : "unknown"
  const code = codes[name]
  if (code === undefined) return { code: "failed", error: name }
  return code === "refused" ? { code, error: name } : { code }
}
