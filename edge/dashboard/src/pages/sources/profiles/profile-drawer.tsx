import { Checkbox, PasswordInput, Text, TextInput } from "@mantine/core"
import {
  changedProfileSchema,
  newProfileSchema,
  type ProfileRow,
  type SourceRow,
} from "@tributary/shared/admin-api/sources"
import { call, path } from "../../../api/call.ts"
import { FormDrawer } from "../../../form/form-drawer.tsx"
import { useSavedForm } from "../../../form/use-saved-form.ts"
import { tellDone } from "../../../parts/tell.ts"
import { titleOf } from "../card/source-words.ts"
import { LimitInput } from "../form/limit-input.tsx"
import { useSourcesChanged } from "../sources-queries.ts"
import {
  changedProfileBody,
  emptyProfile,
  newProfileBody,
  nextPriority,
  type ProfileValues,
  valuesOfProfile,
} from "./profile-values.ts"

interface ProfileDrawerProps {
  source: SourceRow
  /** The profile that is changed; null: a new one. */
  row: ProfileRow | null
  /** What the provider says that it allows. */
  detected: number | null
  onClose: () => void
}

/** Adds a profile to a source, or changes one. */
export function ProfileDrawer({ source, row, detected, onClose }: ProfileDrawerProps) {
  const changed = useSourcesChanged()
  const at = `${path("sources", source.id)}/profiles`
  const { form, saving, problem, submit } = useSavedForm<ProfileValues, ProfileRow>({
    initialValues: row === null ? emptyProfile : valuesOfProfile(row),
    schema: row === null ? newProfileSchema : changedProfileSchema,
    bodyOf: (values) =>
      row === null ? newProfileBody(values, nextPriority(source.profiles)) : changedProfileBody(values, row),
    save: (body) =>
      row === null
        ? call<ProfileRow>("POST", at, body)
        : call<ProfileRow>("PATCH", `${at}${path(row.id)}`, body),
    onSaved: (saved) => {
      tellDone(row === null ? `${saved.name} is added.` : `${saved.name} is changed.`)
      void changed()
      onClose()
    },
  })
  const isPrimary = row?.primary === true
  return (
    <FormDrawer
      title={row === null ? `Add a profile to ${titleOf(source)}` : `Change ${row.name}`}
      isDirty={form.isDirty()}
      isSaving={saving.isPending}
      problem={problem}
      verb={row === null ? "Add the profile" : "Save"}
      submit={submit}
      onClose={onClose}
    >
      <Text size="sm">
        {isPrimary
          ? "The primary profile is the source's own address and login: its list is read with them."
          : "Another account of the same provider: its connections are used when those before it are taken."}
      </Text>
      <TextInput label="Name" required placeholder="Backup" {...form.getInputProps("name")} />
      <TextInput
        label="Username"
        required={row === null}
        placeholder={row?.username == null ? undefined : `unchanged: ${row.username}`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...form.getInputProps("username")}
      />
      <PasswordInput
        label="Password"
        required={row === null}
        placeholder={row?.password == null ? undefined : "unchanged"}
        autoComplete="new-password"
        {...form.getInputProps("password")}
      />
      <LimitInput detected={detected} {...form.getInputProps("maxStreams")} />
      <TextInput
        label={isPrimary ? "Address" : "Own server"}
        description={isPrimary ? undefined : "Only when its account is on another server than the source's."}
        placeholder={row?.url == null ? "http://other.example:8080" : `unchanged: ${row.url}`}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        disabled={form.values.withoutUrl}
        {...form.getInputProps("url")}
      />
      {row?.ownServer === true && !isPrimary && (
        <Checkbox
          label="On the source's server again"
          {...form.getInputProps("withoutUrl", { type: "checkbox" })}
        />
      )}
    </FormDrawer>
  )
}
