import { useDebouncedValue } from "@mantine/hooks"
import { useQuery } from "@tanstack/react-query"
import type { SourceCheck, SourceTest } from "@tributary/shared/admin-api/sources"
import { call } from "../../../api/call.ts"
import type { CheckState } from "./check-note.tsx"

// Long enough for most pauses between two keys.
const pauseMs = 700

const untyped = "It is tested as soon as address and login are complete."

export interface DraftCheck {
  state: CheckState
  /** Asks once more. */
  again: () => void
}

/**
 * Tests what is being typed whenever the keys rest. One test at a time: a test that nobody waits for any more, as
 * something else was typed, is broken off.
 */
export function useDraftCheck(draft: SourceTest | null, idle = untyped): DraftCheck {
  const typed = JSON.stringify(draft)
  const [settled] = useDebouncedValue(typed, pauseMs)
  const isSettled = settled === typed
  const asked = useQuery({
    queryKey: ["source-test", settled],
    queryFn: ({ signal }) => call<SourceCheck>("POST", "/sources/test", JSON.parse(settled), signal),
    enabled: isSettled && draft !== null,
    // Logins are in the key: it is kept no longer than it is used.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return { state: stateOf(), again: () => void asked.refetch() }

  function stateOf(): CheckState {
    if (draft === null) return { kind: "idle", words: idle }
    if (!isSettled || asked.isFetching) return { kind: "testing" }
    if (asked.error !== null) return { kind: "failed", reason: asked.error.message }
    return asked.data === undefined ? { kind: "testing" } : { kind: "told", check: asked.data }
  }
}
