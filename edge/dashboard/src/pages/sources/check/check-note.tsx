import { Group, Loader, Stack, Text, ThemeIcon } from "@mantine/core"
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react"
import type { SourceCheck } from "@tributary/shared/admin-api/sources"
import type { ReactNode } from "react"

/** How far the test of a login is. */
export type CheckState =
  | { kind: "idle"; words: string }
  | { kind: "testing" }
  | { kind: "told"; check: SourceCheck }
  /** Nobody could be asked. */
  | { kind: "failed"; reason: string }

interface CheckNoteProps {
  state: CheckState
  /** What can be done about it. */
  children?: ReactNode
}

/** What a provider says of a login; a screen reader hears of it as it comes. */
export function CheckNote({ state, children }: CheckNoteProps) {
  return (
    <Stack gap={6} align="flex-start" role="status">
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Sign state={state} />
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {wordsOf(state)}
        </Text>
      </Group>
      {children}
    </Stack>
  )
}

function Sign({ state }: { state: CheckState }) {
  if (state.kind === "idle") return null
  if (state.kind === "testing") return <Loader size={18} mt={1} aria-hidden />
  const isOk = state.kind === "told" && state.check.ok
  return (
    <ThemeIcon size={20} radius="xl" color={isOk ? "teal.9" : "red.9"}>
      {isOk ? <IconCheck size={13} aria-hidden /> : <IconAlertTriangle size={13} aria-hidden />}
    </ThemeIcon>
  )
}

function wordsOf(state: CheckState): string {
  switch (state.kind) {
    case "idle":
      return state.words
    case "testing":
      return "Asking the provider…"
    case "told":
      return `${state.check.ok ? "It works." : "It does not work."} ${state.check.message}`
    case "failed":
      return `It could not be tested. ${state.reason}`
  }
}
