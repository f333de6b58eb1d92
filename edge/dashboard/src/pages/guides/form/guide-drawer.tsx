import { Text, TextInput } from "@mantine/core"
import { changedGuideSchema, type GuideRow, newGuideSchema } from "@tributary/shared/admin-api/epg"
import { call, path } from "../../../api/call.ts"
import { FormDrawer } from "../../../form/form-drawer.tsx"
import { useSavedForm } from "../../../form/use-saved-form.ts"
import { tellDone } from "../../../parts/tell.ts"
import { useGuidesChanged } from "../guides-queries.ts"

interface GuideDrawerProps {
  /** The guide that is changed; null: a new one. */
  guide: GuideRow | null
  onClose: () => void
}

/** Adds a guide, or gives one another address. */
export function GuideDrawer({ guide, onClose }: GuideDrawerProps) {
  const changed = useGuidesChanged()
  const { form, saving, problem, submit } = useSavedForm<{ url: string }, GuideRow>({
    initialValues: { url: "" },
    schema: guide === null ? newGuideSchema : changedGuideSchema,
    bodyOf: ({ url }) => (guide !== null && url.trim() === "" ? {} : { url: url.trim() }),
    save: (body) =>
      guide === null
        ? call<GuideRow>("POST", "/epg", body)
        : call<GuideRow>("PATCH", path("epg", guide.id), body),
    onSaved: async () => {
      await changed()
      tellDone(guide === null ? "The guide is added, and is read now." : "The guide has its new address.")
      onClose()
    },
  })
  return (
    <FormDrawer
      title={guide === null ? "Add a guide" : "Change the address"}
      isDirty={form.isDirty()}
      isSaving={saving.isPending}
      problem={problem}
      verb={guide === null ? "Add the guide" : "Save"}
      isReady={guide === null || form.values.url.trim() !== ""}
      submit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Address"
        description="Of an XMLTV file, plain or packed with gzip. It may hold a login, so only its host is shown later."
        placeholder={guide === null ? "https://guide.example/guide.xml.gz" : `unchanged: ${guide.url}`}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        required
        data-autofocus
        {...form.getInputProps("url")}
      />
      {guide?.origin === "file" && (
        <Text size="sm">The configuration file names it: at the next start it is as that says again.</Text>
      )}
    </FormDrawer>
  )
}
