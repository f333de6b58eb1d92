import { Text } from "@mantine/core"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { FormDrawer } from "../../../form/form-drawer.tsx"
import { tellDone } from "../../../parts/tell.ts"
import { originWords, titleOf } from "../card/source-words.ts"
import { MoreSettings } from "./more-settings.tsx"
import { SourceFields } from "./source-fields.tsx"
import { useSourceForm } from "./use-source-form.ts"

interface SourceDrawerProps {
  /** The source that is changed; null: a new one. */
  row: SourceRow | null
  onClose: () => void
}

/** Adds a source, or changes one. */
export function SourceDrawer({ row, onClose }: SourceDrawerProps) {
  const { form, saving, problem, submit } = useSourceForm(row, (saved) => {
    tellDone(
      row === null ? `${titleOf(saved)} is added, and is imported now.` : `${titleOf(saved)} is changed.`,
    )
    onClose()
  })
  const origin = row === null ? null : originWords(row.origin)
  return (
    <FormDrawer
      title={row === null ? "Add a source" : `Change ${titleOf(row)}`}
      isDirty={form.isDirty()}
      isSaving={saving.isPending}
      problem={problem}
      verb={row === null ? "Add the source" : "Save"}
      submit={submit}
      onClose={onClose}
    >
      {origin !== null && <Text size="sm">{origin}</Text>}
      <SourceFields form={form} row={row}>
        <MoreSettings form={form} row={row} />
      </SourceFields>
    </FormDrawer>
  )
}
