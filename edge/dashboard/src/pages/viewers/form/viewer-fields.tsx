import {
  Input,
  NumberInput,
  PasswordInput,
  Radio,
  SegmentedControl,
  Stack,
  Switch,
  TextInput,
} from "@mantine/core"
import { usePrefetchQuery } from "@tanstack/react-query"
import { GroupsInput } from "../../../form/groups-input.tsx"
import { groupsQuery } from "../../channels/channel-queries.ts"
import type { ViewerForm } from "./use-viewer-form.ts"

interface ViewerFieldsProps {
  form: ViewerForm["form"]
  isNew: boolean
}

/** Who may watch, how much, and until when. */
export function ViewerFields({ form, isNew }: ViewerFieldsProps) {
  return (
    <Stack>
      {isNew && (
        <TextInput
          label="Username"
          description="Players have it in their addresses, so it stays as it is."
          required
          data-autofocus
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          {...form.getInputProps("username")}
        />
      )}
      <PasswordInput
        label="Password"
        description={
          isNew
            ? "Empty: one is made, and shown to you."
            : "With another one their sessions end, and players need it."
        }
        placeholder={isNew ? undefined : "unchanged"}
        autoComplete="new-password"
        {...form.getInputProps("password")}
      />
      <NumberInput
        label="Sessions at once"
        description="Empty, or 0: as many as they like."
        placeholder="no limit"
        min={0}
        allowDecimal={false}
        allowNegative={false}
        {...form.getInputProps("maxStreams")}
      />
      <Radio.Group label="When they have that many" {...form.getInputProps("whenFull")}>
        <Stack gap="xs" mt={6}>
          <Radio
            value="refuse"
            label="Refuse the new one"
            description="What plays goes on; the new player gets an error."
          />
          <Radio
            value="replace"
            label="Replace the oldest one"
            description="The new player is let in, and the session that began first ends."
          />
        </Stack>
      </Radio.Group>
      <GroupFields form={form} />
      <TextInput
        type="datetime-local"
        label="Expires"
        description="In your time zone; their sessions end then. Empty: never."
        {...form.getInputProps("expiresAt")}
      />
      <Switch
        label="Enabled"
        description="Off: they are refused, and their sessions end."
        {...form.getInputProps("enabled", { type: "checkbox" })}
      />
    </Stack>
  )
}

const choices = [
  { value: "all", label: "All groups" },
  { value: "some", label: "Only some" },
]

function GroupFields({ form }: Pick<ViewerFieldsProps, "form">) {
  const { allGroups } = form.values
  // So that they are there when they are asked for.
  usePrefetchQuery(groupsQuery)
  return (
    <Stack gap="xs">
      <Input.Wrapper label="What they may watch" labelElement="div">
        <SegmentedControl
          fullWidth
          mt={4}
          aria-label="What they may watch"
          data={choices}
          value={allGroups ? "all" : "some"}
          onChange={(value) => form.setFieldValue("allGroups", value === "all")}
        />
      </Input.Wrapper>
      {!allGroups && (
        <GroupsInput
          openOnFocus
          label="Groups"
          description="Of channels, movies and series. Enter ends one, also one that a source may bring later. None: they see nothing."
          {...form.getInputProps("groups")}
        />
      )}
    </Stack>
  )
}
