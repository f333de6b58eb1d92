import { Button, Group, Paper } from "@mantine/core"
import { IconArrowsExchange, IconRefresh } from "@tabler/icons-react"
import type { SourceForm } from "../form/use-source-form.ts"
import { CheckNote } from "./check-note.tsx"
import { asType } from "./other-type.ts"
import type { DraftCheck } from "./use-draft-check.ts"

const offers = {
  xtream: "Add it as an Xtream server instead",
  m3u: "Add it as an M3U list instead",
}

interface DraftCheckNoteProps {
  check: DraftCheck
  form: SourceForm["form"]
  /** Of a stored source the type stays. */
  isNew: boolean
}

/** What the provider says of what is being typed, and what would be better. */
export function DraftCheckNote({ check, form, isNew }: DraftCheckNoteProps) {
  const { state, again } = check
  const type = state.kind === "told" && isNew ? state.check.suggestedType : null
  const canRepeat = state.kind === "failed" || (state.kind === "told" && !state.check.ok)
  return (
    <Paper withBorder p="sm" bg="var(--mantine-color-default)">
      <CheckNote state={state}>
        {(type !== null || canRepeat) && (
          <Group gap="xs">
            {type !== null && type !== form.values.type && (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconArrowsExchange size={14} aria-hidden />}
                onClick={() => form.setValues(asType(form.values, type))}
              >
                {offers[type]}
              </Button>
            )}
            {canRepeat && (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconRefresh size={14} aria-hidden />}
                onClick={again}
              >
                Test again
              </Button>
            )}
          </Group>
        )}
      </CheckNote>
    </Paper>
  )
}
