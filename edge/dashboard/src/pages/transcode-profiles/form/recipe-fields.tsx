import { Fieldset, NativeSelect, NumberInput, SimpleGrid, Stack } from "@mantine/core"
import { BitrateInput } from "./bitrate-input.tsx"
import { MediaModeSelect } from "./media-mode.tsx"
import type { ProfileFieldsProps } from "./profile-fields.ts"

const videoCodecs = [
  { value: "h264", label: "H.264 (plays everywhere)" },
  { value: "hevc", label: "HEVC (half the bitrate, newer players)" },
]
const audioCodecs = [
  { value: "aac", label: "AAC" },
  { value: "ac3", label: "AC-3 (surround)" },
  { value: "mp2", label: "MP2" },
  { value: "mp3", label: "MP3" },
]
const wholeNumber = { allowDecimal: false, allowNegative: false, clampBehavior: "none" } as const

/** A recipe: what becomes of picture and sound. */
export function RecipeFields({ form }: ProfileFieldsProps) {
  return (
    <Stack>
      <Fieldset legend="Picture">
        <Stack gap="sm">
          <MediaModeSelect form={form} media="video" label="The picture is" />
          {form.values.video.mode === "make" && (
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
              <NativeSelect label="Video codec" data={videoCodecs} {...form.getInputProps("video.codec")} />
              <NumberInput
                label="Height (pixels)"
                description="Never made larger. Empty: as it comes"
                placeholder="as it comes"
                step={2}
                {...wholeNumber}
                {...form.getInputProps("video.height")}
              />
              <BitrateInput {...form.getInputProps("video.bitrate")} />
              <NumberInput
                label="Pictures per second"
                description="Empty: as it comes"
                placeholder="as it comes"
                allowNegative={false}
                clampBehavior="none"
                {...form.getInputProps("video.frameRate")}
              />
            </SimpleGrid>
          )}
        </Stack>
      </Fieldset>
      <Fieldset legend="Sound">
        <Stack gap="sm">
          <MediaModeSelect form={form} media="audio" label="The sound is" />
          {form.values.audio.mode === "make" && (
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
              <NativeSelect label="Audio codec" data={audioCodecs} {...form.getInputProps("audio.codec")} />
              <BitrateInput {...form.getInputProps("audio.bitrate")} step={16_000} />
              <NumberInput
                label="Sound channels"
                description="Empty: as it comes"
                placeholder="as it comes"
                {...wholeNumber}
                {...form.getInputProps("audio.channels")}
              />
            </SimpleGrid>
          )}
        </Stack>
      </Fieldset>
    </Stack>
  )
}
