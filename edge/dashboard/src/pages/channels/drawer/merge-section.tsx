import { Button, Stack, Text, TextInput, Title } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { useQuery, useQueryClient } from "@tanstack/react-query"
import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { useState } from "react"
import { channelNameQuery, searchQuery } from "../channel-queries.ts"
import { useChannelAct } from "../edit-channel.ts"
import { feedsInWords } from "../table/feeds-in-words.ts"
import type { PublishedChannel } from "./channel-values.ts"
import styles from "./channel-view.module.css"

const pauseMs = 300

/** Other channels that are the same programme: their feeds are feeds of this one. */
export function MergeSection({ channel }: { channel: PublishedChannel }) {
  const client = useQueryClient()
  const act = useChannelAct(channel.id)
  const [typed, setTyped] = useState("")
  const [search] = useDebouncedValue(typed, pauseMs)
  const merged = channel.edit?.merge ?? []
  const found = useQuery(searchQuery(search, channel.kind))
  const others = (found.data?.channels ?? []).filter(({ id }) => id !== channel.id && !merged.includes(id))
  const isSearched = search.trim() !== "" && typed === search
  const merge = ({ id, name }: ChannelRow) => {
    client.setQueryData(channelNameQuery(id).queryKey, name)
    act.mutate({ merge: [...merged, id] }, { onSuccess: () => setTyped("") })
  }
  return (
    <Stack gap="xs" component="section" aria-labelledby="channel-merge">
      <Title order={3} size="h5" id="channel-merge">
        Merge
      </Title>
      <Text size="sm" c="dimmed">
        A channel that is merged into this one is none of its own any more: its feeds follow those above.
      </Text>
      {merged.length > 0 && (
        <ul className={styles.list} aria-label="Merged into this channel">
          {merged.map((id) => (
            <MergedItem
              key={id}
              id={id}
              isBusy={act.isPending}
              onTakeOut={() => act.mutate({ merge: merged.filter((other) => other !== id) })}
            />
          ))}
        </ul>
      )}
      <TextInput
        type="search"
        label="Another channel"
        placeholder="Name or channel id"
        maxLength={500}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div role="status">
        {found.error !== null && <Text size="sm">{found.error.message}</Text>}
        {isSearched && found.isSuccess && !found.isPlaceholderData && others.length === 0 && (
          <Text size="sm">No other channel matches.</Text>
        )}
      </div>
      {isSearched && others.length > 0 && (
        <ul className={styles.list} aria-label="Channels that match">
          {others.map((row) => (
            <li key={row.id} className={styles.item}>
              <div className={styles.words}>
                <Text size="sm">{row.name}</Text>
                <Text size="xs" c="dimmed">
                  {row.groups.join(", ")} · {feedsInWords(row.feeds)}
                </Text>
              </div>
              <Button
                size="compact-sm"
                variant="default"
                disabled={act.isPending}
                aria-label={`Merge ${row.name} (${row.id})`}
                onClick={() => merge(row)}
              >
                Merge
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  )
}

interface MergedItemProps {
  id: string
  isBusy: boolean
  onTakeOut: () => void
}

function MergedItem({ id, isBusy, onTakeOut }: MergedItemProps) {
  const { data } = useQuery(channelNameQuery(id))
  const name = data ?? `Channel ${id}`
  return (
    <li className={styles.item}>
      <Text size="sm" className={styles.words}>
        {name}
      </Text>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isBusy}
        aria-label={`Take out ${name}`}
        onClick={onTakeOut}
      >
        Take out
      </Button>
    </li>
  )
}
