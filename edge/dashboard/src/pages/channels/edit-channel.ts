import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query"
import type { bulkEditSchema, ChannelDetails, ChannelRow } from "@tributary/shared/admin-api/channels"
import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import type * as z from "zod"
import { call, path } from "../../api/call.ts"
import { tellFailed } from "../../parts/tell.ts"
import { channelQuery, type RowPage } from "./channel-queries.ts"
import { publicationQuery } from "./publication.ts"

/** A channel's edit as it is stored now. */
export interface EditedChannel {
  id: string
  edit: ChannelEdit | null
}

/** Changes the given keys of one channel's edit; null takes one back. Throws an ApiError. */
export const patchChannel = (id: string, change: unknown): Promise<EditedChannel> =>
  call<EditedChannel>("PATCH", path("channels", id), change)

/** A change of at most 5,000 channels, of all or of none. Throws an ApiError. */
export const patchChannels = (change: z.input<typeof bulkEditSchema>) =>
  call<{ channels: EditedChannel[] }>("PATCH", "/channels", change)

/** Everything that takes an edit back. */
export const allTakenBack = {
  name: null,
  hidden: null,
  alwaysOn: null,
  number: null,
  groups: null,
  logo: null,
  feeds: null,
  merge: null,
  split: null,
  guideId: null,
  guideShiftMinutes: null,
} satisfies Record<keyof ChannelEdit, null>

/** Shows edits at once wherever their channels are shown, and waits for the publication that brings them. */
export function noteEdits(client: QueryClient, edited: readonly EditedChannel[]): void {
  const edits = new Map(edited.map(({ id, edit }) => [id, edit]))
  client.setQueriesData<RowPage>({ queryKey: ["channels", "rows"] }, (page) =>
    page?.channels.some(({ id }) => edits.has(id))
      ? { ...page, channels: page.channels.map((row) => withEdit(row, edits)) }
      : page,
  )
  for (const { id, edit } of edited)
    client.setQueryData<ChannelDetails>(
      channelQuery(id).queryKey,
      (channel) => channel && { ...channel, edit },
    )
  client.setQueryData(publicationQuery.queryKey, { kind: "waiting" })
}

// A row that nothing changed stays the same object, and is not drawn again.
function withEdit(row: ChannelRow, edits: ReadonlyMap<string, ChannelEdit | null>): ChannelRow {
  const edit = edits.get(row.id)
  return edit === undefined ? row : { ...row, edit }
}

/** One act on one channel: done at once, and told when it was not. */
export function useChannelAct(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: ChannelEdit) => patchChannel(id, change),
    onSuccess: (edited) => noteEdits(client, [edited]),
    onError: (error) => tellFailed("The channel is as it was", error),
  })
}
