import { Button, Group, Paper, Text } from "@mantine/core"
import { FormProblem } from "../../../form/form-problem.tsx"

interface SaveBarProps {
  /** Settings that are typed and not saved. */
  changes: number
  /** Fields that are wrong. */
  mistakes: number
  problem: string | null
  isSaving: boolean
  onUndo: () => void
}

/** Below the settings, always in sight while something is typed. */
export function SaveBar({ changes, mistakes, problem, isSaving, onUndo }: SaveBarProps) {
  return (
    <Paper
      withBorder={changes > 0}
      shadow={changes > 0 ? "md" : "none"}
      p={changes > 0 ? "sm" : 0}
      pos="sticky"
      bottom={8}
      style={{ zIndex: 2 }}
    >
      <FormProblem problem={problem} />
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status" className="figures">
          {changesInWords(changes, mistakes)}
        </Text>
        {changes > 0 && (
          <Group gap="xs">
            <Button variant="default" onClick={onUndo}>
              Undo
            </Button>
            <Button type="submit" loading={isSaving}>
              Save
            </Button>
          </Group>
        )}
      </Group>
    </Paper>
  )
}

function changesInWords(changes: number, mistakes: number): string {
  if (changes === 0) return ""
  const changed = changes === 1 ? "1 setting is not saved." : `${changes} settings are not saved.`
  if (mistakes === 0) return changed
  return `${changed} ${mistakes === 1 ? "One is wrong: see beside it." : `${mistakes} are wrong: see beside them.`}`
}
