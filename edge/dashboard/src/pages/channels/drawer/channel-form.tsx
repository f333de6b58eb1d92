import { Button, Group, NumberInput, Stack, Switch, TextInput } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import { FormProblem } from "../../../form/form-problem.tsx"
import { GroupsInput } from "../../../form/groups-input.tsx"
import { ChannelLogo } from "../table/channel-logo.tsx"
import { changeOf, type PublishedChannel, valuesOf } from "./channel-values.ts"
import styles from "./channel-view.module.css"
import { TakeBack } from "./take-back.tsx"
import { useChannelForm } from "./use-channel-form.ts"

const pauseMs = 500

/** What a channel is called, where it stands, and who sees it. */
export function ChannelForm({ channel }: { channel: PublishedChannel }) {
  const { form, saving, problem, submit } = useChannelForm(channel)
  const { id, edit } = channel
  // Not with each letter: it asks whatever server is named by then.
  const [typedLogo] = useDebouncedValue(form.getValues().logo, pauseMs)
  const isLive = channel.kind === "live"
  const isChanged = Object.keys(changeOf(form.getValues(), valuesOf(channel))).length > 0
  const takeBack = (field: keyof ChannelEdit, label: string) => (
    <TakeBack id={id} edit={edit} field={field} label={label} />
  )
  return (
    <form onSubmit={submit} aria-label="What is shown of the channel" noValidate>
      <Stack gap="sm">
        <div>
          <TextInput label="Name" maxLength={500} {...form.getInputProps("name")} />
          {takeBack("name", "Name")}
        </div>
        <div>
          <NumberInput
            label="Number"
            description="Players sort and dial by it. Empty: as the sources say."
            allowDecimal={false}
            {...form.getInputProps("number")}
          />
          {takeBack("number", "Number")}
        </div>
        <div>
          <GroupsInput
            label="Groups"
            description="Enter ends one. None: the channel is in no group."
            {...form.getInputProps("groups")}
          />
          {takeBack("groups", "Groups")}
        </div>
        <div>
          <TextInput
            label="Logo"
            description="Address of a picture. Empty: no logo."
            inputMode="url"
            leftSection={<ChannelLogo address={typedLogo} className={styles.typedLogo} />}
            {...form.getInputProps("logo")}
          />
          {takeBack("logo", "Logo")}
        </div>
        <Switch
          label="Hidden"
          description="Nobody sees it in playlists, and nobody can play it."
          {...form.getInputProps("hidden", { type: "checkbox" })}
        />
        {isLive && (
          <>
            <Switch
              label="Always on"
              description="It runs without viewers too, wherever one of its feeds has room."
              {...form.getInputProps("alwaysOn", { type: "checkbox" })}
            />
            <div>
              <TextInput
                label="Guide's channel id"
                description="Whose programmes it has. Empty: found by its tvg-id and its name."
                maxLength={500}
                {...form.getInputProps("guideId")}
              />
              {takeBack("guideId", "Guide's channel id")}
            </div>
            <div>
              <NumberInput
                label="Guide's shift"
                description="Minutes that are added to the times of its programmes."
                allowDecimal={false}
                suffix=" min"
                {...form.getInputProps("guideShiftMinutes")}
              />
              {takeBack("guideShiftMinutes", "Guide's shift")}
            </div>
          </>
        )}
        <FormProblem problem={problem} />
        <Group>
          <Button type="submit" loading={saving.isPending} disabled={!isChanged}>
            Save
          </Button>
          {isChanged && (
            <Button variant="default" onClick={() => form.setValues(valuesOf(channel))}>
              Undo what is typed
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
