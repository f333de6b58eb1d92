import { Checkbox, Group, Input, Stack, Switch, TextInput } from "@mantine/core"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { HeadersInput } from "./headers-input.tsx"
import type { SourceForm } from "./use-source-form.ts"

/** What most sources need nothing of. */
export function MoreFields({ form, row }: { form: SourceForm["form"]; row: SourceRow | null }) {
  const hasGuide = row !== null && row.epgUrl !== null
  return (
    <Stack>
      <Input.Wrapper label="Import" labelElement="div">
        <Group mt={6}>
          <Switch label="Live channels" {...form.getInputProps("live", { type: "checkbox" })} />
          <Switch label="Movies" {...form.getInputProps("vod", { type: "checkbox" })} />
          <Switch label="Series" {...form.getInputProps("series", { type: "checkbox" })} />
        </Group>
      </Input.Wrapper>
      <TextInput
        label="Only what matches"
        description="A regular expression on the group or the name. Empty: everything."
        placeholder="^(UK|US) "
        spellCheck={false}
        {...form.getInputProps("include")}
      />
      <TextInput
        label="Not what matches"
        description="A regular expression on the group or the name. Empty: nothing is left out."
        placeholder="adult|ppv"
        spellCheck={false}
        {...form.getInputProps("exclude")}
      />
      <TextInput
        label="Guide address"
        description="XMLTV. Empty: the provider's own guide, if it has one."
        placeholder={hasGuide ? `unchanged: ${row.epgUrl}` : "http://provider.example/xmltv.php?…"}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        disabled={form.values.withoutEpgUrl}
        {...form.getInputProps("epgUrl")}
      />
      {hasGuide && (
        <Checkbox
          label="Without this guide address"
          {...form.getInputProps("withoutEpgUrl", { type: "checkbox" })}
        />
      )}
      <TextInput
        label="User agent"
        description="As what the provider sees us. Empty: as the settings say."
        placeholder="VLC/3.0.18 LibVLC/3.0.18"
        spellCheck={false}
        {...form.getInputProps("userAgent")}
      />
      <HeadersInput form={form} />
    </Stack>
  )
}
