import { Text } from "@mantine/core"
import type { AddedViewer, ViewerRow } from "@tributary/shared/admin-api/viewers"
import { useState } from "react"
import { FormDrawer } from "../../../form/form-drawer.tsx"
import { tellDone } from "../../../parts/tell.ts"
import { originInWords } from "../viewer-words.ts"
import { MadePassword } from "./made-password.tsx"
import { useViewerForm } from "./use-viewer-form.ts"
import { ViewerFields } from "./viewer-fields.tsx"

interface ViewerFormDrawerProps {
  /** The viewer that is changed; null: a new one. */
  row: ViewerRow | null
  onClose: () => void
  /** Shows a viewer that was added or changed. */
  onSaved: (username: string) => void
}

/** Adds a viewer, or changes one. */
export function ViewerFormDrawer({ row, onClose, onSaved }: ViewerFormDrawerProps) {
  const [made, setMade] = useState<AddedViewer | null>(null)
  const { form, saving, problem, submit } = useViewerForm(row, (saved) => {
    if (saved.password !== undefined) return setMade(saved)
    tellDone(`${saved.username} is ${row === null ? "added" : "changed"}.`)
    onSaved(saved.username)
  })
  if (made?.password !== undefined)
    return (
      <MadePassword
        username={made.username}
        password={made.password}
        onClose={() => onSaved(made.username)}
      />
    )
  const origin = row === null ? null : originInWords(row.origin)
  return (
    <FormDrawer
      title={row === null ? "Add a viewer" : `Change ${row.username}`}
      isDirty={form.isDirty()}
      isSaving={saving.isPending}
      problem={problem}
      verb={row === null ? "Add the viewer" : "Save"}
      submit={submit}
      onClose={onClose}
    >
      {origin !== null && <Text size="sm">{origin}</Text>}
      <ViewerFields form={form} isNew={row === null} />
    </FormDrawer>
  )
}
