import { Autocomplete, NumberInput, Radio, Stack, Switch, TextInput } from "@mantine/core"
import type { ReactNode } from "react"
import type { SettingField } from "../fields/setting-kind.ts"
import type { useSettingsForm } from "./use-settings-form.ts"

interface SettingControlProps {
  field: SettingField
  form: ReturnType<typeof useSettingsForm>["form"]
  description: ReactNode
}

const widest = 420

/** The input of one setting. */
export function SettingControl({ field, form, description }: SettingControlProps) {
  const { name, label, as } = field
  const shared = { label, description, ...form.getInputProps(name) }
  switch (as.kind) {
    case "flag":
      return (
        <Switch label={label} description={description} {...form.getInputProps(name, { type: "checkbox" })} />
      )
    case "duration":
      return <TextInput maw={widest} placeholder="5s" autoComplete="off" spellCheck={false} {...shared} />
    case "text":
      return <TextInput maw={widest} autoComplete="off" spellCheck={false} {...shared} />
    case "suggestion":
      return <Autocomplete maw={widest} data={as.options} filter={({ options }) => options} {...shared} />
    case "count":
      return <NumberInput maw={widest} allowDecimal={false} {...shared} />
    case "size":
      return <NumberInput maw={widest} decimalScale={3} suffix=" MiB" {...shared} />
    case "share":
      return <NumberInput maw={widest} decimalScale={3} step={0.05} {...shared} />
    case "choice":
      return (
        <Radio.Group {...shared}>
          <Stack gap="xs" mt={6}>
            {as.options.map((option) => (
              <Radio
                key={option.value}
                value={option.value}
                label={option.label}
                description={option.explanation}
              />
            ))}
          </Stack>
        </Radio.Group>
      )
  }
}
