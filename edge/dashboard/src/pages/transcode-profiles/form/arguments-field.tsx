import { Textarea } from "@mantine/core"
import type { ProfileFieldsProps } from "./profile-fields.ts"

/** ffmpeg's own output options. */
export function ArgumentsField({ form }: ProfileFieldsProps) {
  return (
    <Textarea
      label="ffmpeg arguments"
      description="Options about what comes out. Input and output are put there by the streamer; files and addresses are refused."
      placeholder="-c:v libx264 -preset veryfast -vf scale=-2:480 -c:a aac"
      required
      autosize
      minRows={3}
      spellCheck={false}
      autoCapitalize="none"
      autoCorrect="off"
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      {...form.getInputProps("arguments")}
    />
  )
}
