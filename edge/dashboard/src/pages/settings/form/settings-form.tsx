import { Card, SimpleGrid, Stack, Title } from "@mantine/core"
import type { SettingsAnswer } from "@tributary/shared/admin-api/settings"
import type { FormEvent } from "react"
import { settingFields, settingGroups } from "../fields/setting-groups.ts"
import { SaveBar } from "./save-bar.tsx"
import { SettingItem } from "./setting-item.tsx"
import { settingsChange, valuesOf } from "./setting-values.ts"
import { useSettingsForm } from "./use-settings-form.ts"

/** All settings, in groups. */
export function SettingsForm({ answer }: { answer: SettingsAnswer }) {
  const { form, saving, problem, submit } = useSettingsForm(answer)
  const changes = Object.keys(settingsChange(form.getValues(), answer)).length
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    submit(event)
    const { errors } = form.validate()
    const wrong = settingFields.find(({ name }) => errors[name] !== undefined)
    if (wrong === undefined) return
    const input = form.getInputNode(wrong.name)
    input?.focus({ preventScroll: true })
    // Not below the bar.
    input?.scrollIntoView({ block: "center" })
  }
  return (
    <form onSubmit={onSubmit} noValidate aria-label="Settings">
      <Stack>
        {settingGroups.map(({ id, title, fields }) => (
          <Card key={id} withBorder component="section" aria-labelledby={id}>
            <Title order={2} size="h4" id={id} mb="md">
              {title}
            </Title>
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="lg">
              {fields.map((field) => (
                <SettingItem key={field.name} field={field} form={form} answer={answer} />
              ))}
            </SimpleGrid>
          </Card>
        ))}
        <SaveBar
          changes={changes}
          mistakes={Object.keys(form.errors).length}
          problem={problem}
          isSaving={saving.isPending}
          onUndo={() => {
            form.setValues(valuesOf(answer.settings))
            form.clearErrors()
          }}
        />
      </Stack>
    </form>
  )
}
