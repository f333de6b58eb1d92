import { NativeSelect } from "@mantine/core"
import type { ProfileFieldsProps } from "./profile-fields.ts"
import type { MediaMode } from "./profile-values.ts"

interface MediaModeSelectProps extends ProfileFieldsProps {
  media: "video" | "audio"
  label: string
}

const modes: { value: MediaMode; label: string }[] = [
  { value: "make", label: "Made anew" },
  { value: "copy", label: "As it comes" },
  { value: "none", label: "None" },
]

/** Whether picture or sound is made anew, left as it comes, or left out. */
export function MediaModeSelect({ form, media, label }: MediaModeSelectProps) {
  return (
    <NativeSelect
      label={label}
      data={modes}
      value={form.values[media].mode}
      onChange={(event) => {
        form.setFieldValue(`${media}.mode`, event.currentTarget.value as MediaMode)
        // Together they may not leave out everything, which is told at the sound.
        form.clearFieldError("audio")
      }}
      error={form.errors[media]}
    />
  )
}
