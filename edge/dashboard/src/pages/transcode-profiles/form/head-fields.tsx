import { NativeSelect, SegmentedControl, TextInput } from "@mantine/core"
import type { ProfileFieldsProps } from "./profile-fields.ts"
import { idOf, type ProfileForm, profileForms } from "./profile-values.ts"

const formWords: Record<ProfileForm, string> = {
  ...{ recipe: "Recipe", arguments: "ffmpeg arguments", adaptive: "Adaptive" },
}
const outputs = [
  { value: "mpegts", label: "MPEG-TS" },
  { value: "hls", label: "HLS" },
]

/** What every transcode profile has. */
export function HeadFields({ form, isNew }: ProfileFieldsProps & { isNew: boolean }) {
  const { values } = form
  return (
    <>
      <TextInput
        label="Name"
        placeholder="SD 480p"
        {...form.getInputProps("name")}
        onChange={(event) => {
          const name = event.currentTarget.value
          if (isNew && values.id === idOf(values.name)) form.setFieldValue("id", idOf(name))
          form.setFieldValue("name", name)
        }}
      />
      <TextInput
        label="Id"
        description="It stands in addresses: ?profile=…"
        required
        disabled={!isNew}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...form.getInputProps("id")}
      />
      <SegmentedControl
        aria-label="How it is written"
        fullWidth
        data={profileForms.map((value) => ({ value, label: formWords[value] }))}
        value={values.form}
        onChange={(value) => {
          form.clearErrors()
          form.setFieldValue("form", value as ProfileForm)
        }}
      />
      {values.form !== "adaptive" && (
        <NativeSelect
          label="Output"
          description="What an address without .ts or .m3u8 gives"
          data={outputs}
          {...form.getInputProps("output")}
        />
      )}
    </>
  )
}
