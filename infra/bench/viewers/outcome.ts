/** How one request ended: as wanted, refused for a limit that is configured, or otherwise. */
export type Outcome =
  | { kind: "done"; milliseconds: number; bytes: number }
  | { kind: "limited"; code: string }
  | { kind: "failed"; why: string }

// The two limits that the bench's configuration has.
const limits = ["no_capacity", "viewer_limit"]

/** Of an answer that was not the wanted one. */
export function outcomeOf(status: number, body: string): Outcome {
  const code = codeIn(body)
  if ((status === 503 || status === 429) && limits.includes(code)) return { kind: "limited", code }
  return { kind: "failed", why: `${status} ${code}`.trim() }
}

function codeIn(body: string): string {
  return /"code":"(\w+)"/.exec(body)?.[1] ?? ""
}
