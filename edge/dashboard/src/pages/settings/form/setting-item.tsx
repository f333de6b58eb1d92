import { Button, Code, Group, Stack, Text } from "@mantine/core"
import { IconArrowBackUp, IconFileText, IconPower } from "@tabler/icons-react"
import type { SettingsAnswer } from "@tributary/shared/admin-api/settings"
import { environmentName } from "@tributary/shared/config/settings"
import type { SettingField } from "../fields/setting-kind.ts"
import { SettingControl } from "./setting-control.tsx"
import { settingInWords, shownSetting } from "./setting-values.ts"
import type { useSettingsForm } from "./use-settings-form.ts"

interface SettingItemProps {
  field: SettingField
  form: ReturnType<typeof useSettingsForm>["form"]
  answer: SettingsAnswer
}

/** One setting: what it does, what it is by default, and what else is to be known of it. */
export function SettingItem({ field, form, answer }: SettingItemProps) {
  const { name, label, explanation, as } = field
  const standard = shownSetting(as, answer.defaults[name])
  const inForce = shownSetting(as, answer.settings[name])
  const typed = form.getValues()[name]
  return (
    <Stack gap={6}>
      <SettingControl
        field={field}
        form={form}
        description={
          <>
            {explanation} Default: {settingInWords(as, standard)}. <Code>{environmentName(name)}</Code>
          </>
        }
      />
      {answer.configured.includes(name) && (
        <Note Icon={IconFileText}>
          Set by CONFIG_FILE or the environment: what that says comes back at the next start.
        </Note>
      )}
      {answer.atNextStart.includes(name) && (
        <Note Icon={IconPower}>A change has an effect from the next start on.</Note>
      )}
      {(typed !== inForce || typed !== standard) && (
        <Group gap="xs">
          {typed !== inForce && (
            <Text size="sm" fw={600}>
              Not saved yet. In force: {settingInWords(as, inForce)}
            </Text>
          )}
          {typed !== standard && (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconArrowBackUp size={14} aria-hidden />}
              aria-label={`Back to default: ${label}`}
              onClick={() => form.setFieldValue(name, standard)}
            >
              Back to default
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}

function Note({ Icon, children }: { Icon: typeof IconPower; children: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Icon size={16} aria-hidden style={{ flex: "none" }} />
      <Text size="sm">{children}</Text>
    </Group>
  )
}
