import { Stack, TextInput } from "@mantine/core"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import type { ReactNode } from "react"
import { DraftCheckNote } from "../check/draft-check-note.tsx"
import { draftOf } from "../check/draft-of.ts"
import { useDraftCheck } from "../check/use-draft-check.ts"
import { LimitInput } from "./limit-input.tsx"
import { LoginFields } from "./login-fields.tsx"
import type { SourceForm } from "./use-source-form.ts"

interface SourceFieldsProps {
  form: SourceForm["form"]
  /** As it is stored; null: it is new. */
  row: SourceRow | null
  /** Fields that most sources need nothing of. */
  children?: ReactNode
}

const storedIdle =
  "What is stored is not shown: a change is tested when address, username and password are all typed anew."

/** The fields of a source, and what the provider says of what is being typed. */
export function SourceFields({ form, row, children }: SourceFieldsProps) {
  const check = useDraftCheck(draftOf(form.values), row === null ? undefined : storedIdle)
  const { state } = check
  return (
    <Stack>
      <LoginFields form={form} row={row} />
      <DraftCheckNote check={check} form={form} isNew={row === null} />
      <LimitInput
        detected={state.kind === "told" ? state.check.maxConnections : null}
        {...form.getInputProps("maxStreams")}
      />
      <TextInput
        label="Name"
        description="How you call it here."
        placeholder="My provider"
        {...form.getInputProps("name")}
      />
      {children}
    </Stack>
  )
}
