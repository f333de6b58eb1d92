import { Button, Text } from "@mantine/core"
import { IconPlayerPlay } from "@tabler/icons-react"
import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import { call, path } from "../../../api/call.ts"
import { FormDrawer } from "../../../form/form-drawer.tsx"
import { useSavedForm } from "../../../form/use-saved-form.ts"
import { tellDone } from "../../../parts/tell.ts"
import { useProfilesChanged } from "../profile-queries.ts"
import { originWords } from "../profile-words.ts"
import { TestResult } from "../test-run/test-result.tsx"
import { ArgumentsField } from "./arguments-field.tsx"
import { HeadFields } from "./head-fields.tsx"
import { emptyProfile, type ProfileValues, profileBody, valuesOf } from "./profile-values.ts"
import { RecipeFields } from "./recipe-fields.tsx"
import { useTestTyped } from "./use-test-typed.ts"
import { VariantsField } from "./variants-field.tsx"

interface ProfileDrawerProps {
  /** The profile that is changed; null: a new one. */
  row: TranscodeProfileRow | null
  profiles: readonly TranscodeProfileRow[]
  onClose: () => void
}

/** Adds a transcode profile, or changes one, and tries it. */
export function ProfileDrawer({ row, profiles, onClose }: ProfileDrawerProps) {
  const changed = useProfilesChanged()
  const stored = row?.id ?? null
  const { form, saving, problem, submit } = useSavedForm<ProfileValues, TranscodeProfileRow>({
    initialValues: row === null ? emptyProfile : valuesOf(row),
    schema: transcodeProfileSchema,
    bodyOf: (values) => profileBody(values, stored),
    save: (body) =>
      stored === null
        ? call<TranscodeProfileRow>("POST", "/transcode-profiles", body)
        : call<TranscodeProfileRow>("PATCH", path("transcode-profiles", stored), body),
    onSaved: (saved) => {
      tellDone(stored === null ? `${saved.name} is added.` : `${saved.name} is changed.`)
      void changed()
      onClose()
    },
  })
  const { test, run, isStale } = useTestTyped(form)
  return (
    <FormDrawer
      title={row === null ? "Add a transcode profile" : `Change ${row.name}`}
      isDirty={form.isDirty()}
      isSaving={saving.isPending}
      problem={problem}
      verb={row === null ? "Add the profile" : "Save"}
      submit={submit}
      onClose={onClose}
      acts={
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={test.isPending}
          onClick={run}
        >
          Test it
        </Button>
      }
      below={<TestResult test={test} isStale={isStale} />}
    >
      <DrawerNote row={row} />
      <HeadFields form={form} isNew={row === null} />
      {form.values.form === "recipe" && <RecipeFields form={form} />}
      {form.values.form === "arguments" && <ArgumentsField form={form} />}
      {form.values.form === "adaptive" && <VariantsField form={form} profiles={profiles} />}
    </FormDrawer>
  )
}

function DrawerNote({ row }: { row: TranscodeProfileRow | null }) {
  if (row === null) return null
  const isBuiltIn = row.builtIn && row.origin === null
  const note = isBuiltIn
    ? "It is built in. What you save takes its place, until it is put back."
    : originWords(row)
  return note === null ? null : <Text size="sm">{note}</Text>
}
