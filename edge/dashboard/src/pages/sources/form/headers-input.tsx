import { ActionIcon, Button, Fieldset, Group, Input, Stack, TextInput } from "@mantine/core"
import { IconPlus, IconTrash } from "@tabler/icons-react"
import type { SourceForm } from "./use-source-form.ts"

/** What else is sent with each request to the provider. Stored values are not shown, and stay when none is typed. */
export function HeadersInput({ form }: { form: SourceForm["form"] }) {
  const { headers } = form.values
  return (
    <Fieldset legend="Headers" p="sm">
      <Stack gap="xs">
        <Input.Description>Sent with each request to the provider, Referer for example.</Input.Description>
        {headers.map(({ name, isStored }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a header has nothing but its place while it is typed.
          <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              flex={1}
              aria-label={`Name of header ${index + 1}`}
              placeholder="Name"
              readOnly={isStored}
              {...form.getInputProps(`headers.${index}.name`)}
            />
            <TextInput
              flex={2}
              aria-label={`Value of header ${index + 1}`}
              placeholder={isStored ? "unchanged" : "Value"}
              {...form.getInputProps(`headers.${index}.value`)}
            />
            <ActionIcon
              variant="subtle"
              color="red"
              size="lg"
              aria-label={`Take header ${name === "" ? index + 1 : name} away`}
              onClick={() => form.removeListItem("headers", index)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {form.errors.headers !== undefined && <Input.Error role="alert">{form.errors.headers}</Input.Error>}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => form.insertListItem("headers", { name: "", value: "", isStored: false })}
        >
          Add a header
        </Button>
      </Stack>
    </Fieldset>
  )
}
