import { useQueryClient } from "@tanstack/react-query"
import { channelEditSchema } from "@tributary/shared/catalogue/edit"
import { useEffect, useRef } from "react"
import { type SavedForm, useSavedForm } from "../../../form/use-saved-form.ts"
import { tellDone } from "../../../parts/tell.ts"
import { type EditedChannel, noteEdits, patchChannel } from "../edit-channel.ts"
import { type ChannelValues, changeOf, type PublishedChannel, valuesOf } from "./channel-values.ts"

/** The form of a channel. It follows what is published, but for fields in which something is typed. */
export function useChannelForm(channel: PublishedChannel): SavedForm<ChannelValues, EditedChannel> {
  const client = useQueryClient()
  const before = valuesOf(channel)
  const saved = useSavedForm<ChannelValues, EditedChannel>({
    initialValues: before,
    schema: channelEditSchema,
    bodyOf: (values) => changeOf(values, before),
    save: (change) => patchChannel(channel.id, change),
    onSaved: (edited) => {
      noteEdits(client, [edited])
      tellDone("Saved.")
    },
  })

  const { form } = saved
  const known = useRef(before)
  useEffect(() => {
    const typed = form.getValues()
    const untouched = changeOf(before, known.current)
    for (const field of Object.keys(untouched))
      if (JSON.stringify(typed[field]) === JSON.stringify(known.current[field]))
        form.setFieldValue(field, before[field] as never)
    known.current = before
  })
  return saved
}
