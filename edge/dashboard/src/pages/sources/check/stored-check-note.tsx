import { VisuallyHidden } from "@mantine/core"
import type { UseMutationResult } from "@tanstack/react-query"
import type { SourceCheck } from "@tributary/shared/admin-api/sources"
import { CheckNote, type CheckState } from "./check-note.tsx"

/** What came of a test that was asked for; nothing before that. */
export function StoredCheckNote({ check }: { check: UseMutationResult<SourceCheck, Error, void> }) {
  return check.status === "idle" ? <VisuallyHidden role="status" /> : <CheckNote state={stateOf(check)} />
}

function stateOf({ status, data, error }: UseMutationResult<SourceCheck, Error, void>): CheckState {
  if (status === "pending" || (data === undefined && error === null)) return { kind: "testing" }
  return data === undefined ? { kind: "failed", reason: error?.message ?? "" } : { kind: "told", check: data }
}
