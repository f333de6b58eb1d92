import { Button, Group, NumberInput, Stack } from "@mantine/core"
import { useQueryClient } from "@tanstack/react-query"
import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { channelEditSchema } from "@tributary/shared/catalogue/edit"
import { FormProblem } from "../../../form/form-problem.tsx"
import { useSavedForm } from "../../../form/use-saved-form.ts"
import { tellDone } from "../../../parts/tell.ts"
import { type EditedChannel, noteEdits, patchChannel } from "../../channels/edit-channel.ts"
import { GuideIdInput } from "./guide-id-input.tsx"
import { type MappingValues, mappingChange, mappingOf } from "./mapping-values.ts"

/** Which channel of a guide one of ours is, and by how much its times are off. */
export function MappingForm({ channel }: { channel: ChannelRow }) {
  const client = useQueryClient()
  const stored = mappingOf(channel.edit)
  const { form, saving, problem, submit } = useSavedForm<MappingValues, EditedChannel>({
    initialValues: stored,
    schema: channelEditSchema,
    bodyOf: (values) => mappingChange(values, stored),
    save: (change) => patchChannel(channel.id, change),
    onSaved: (edited) => {
      noteEdits(client, [edited])
      tellDone(`${channel.name}: saved, and shown after the next publication.`)
    },
  })
  const isChanged = Object.keys(mappingChange(form.values, stored)).length > 0
  return (
    <form onSubmit={submit} noValidate aria-label={`Guide of ${channel.name}`}>
      <Stack gap="xs">
        <Group gap="xs" align="flex-end" wrap="wrap">
          <GuideIdInput
            label="Guide's channel id"
            placeholder={channel.tvgId === "" ? "by its name" : `by its tvg-id ${channel.tvgId}`}
            maxLength={500}
            spellCheck={false}
            flex="1 1 14rem"
            {...form.getInputProps("guideId")}
          />
          <NumberInput
            label="Shift in minutes"
            placeholder="0"
            allowDecimal={false}
            w={140}
            {...form.getInputProps("guideShiftMinutes")}
          />
          <Button type="submit" variant="default" loading={saving.isPending} disabled={!isChanged}>
            Save
          </Button>
        </Group>
        <FormProblem problem={problem} />
      </Stack>
    </form>
  )
}
