import { Button, Group, Stack, Text, Title } from "@mantine/core"
import { useQueryClient } from "@tanstack/react-query"
import { useChannelAct } from "../edit-channel.ts"
import { effectiveRow, inOrder } from "../effective-row.ts"
import type { PublishedChannel } from "./channel-values.ts"
import styles from "./channel-view.module.css"
import type { FeedState } from "./feed-health.ts"
import { FeedList } from "./feed-list.tsx"
import { TakeBack } from "./take-back.tsx"

// What is split off is a feed of another channel, and this one knows its id only.
const feedName = (id: string) => ["feed-names", id]

/** A channel's feeds in the order in which they are tried. */
export function FeedSection({ channel }: { channel: PublishedChannel }) {
  const client = useQueryClient()
  const act = useChannelAct(channel.id)
  const { edit } = channel
  const split = edit?.split ?? []
  // What was dropped stays there while it is saved.
  const order = (act.isPending ? act.variables.feeds : null) ?? []
  const feeds = inOrder(effectiveRow(channel).feeds as FeedState[], order).filter(
    ({ id }) => !split.includes(id),
  )
  const splitOff = ({ id, name }: FeedState) => {
    client.setQueryData(feedName(id), name)
    act.mutate({ split: [...split, id] })
  }
  return (
    <Stack gap="xs" component="section" aria-labelledby="channel-feeds">
      <Title order={3} size="h5" id="channel-feeds">
        Feeds
      </Title>
      <Text size="sm" c="dimmed">
        The first one that has room is played; when it fails, the next one follows.
      </Text>
      <FeedList
        feeds={feeds}
        onOrder={(ids) => act.mutate({ feeds: ids })}
        onSplit={feeds.length > 1 ? splitOff : null}
      />
      <TakeBack id={channel.id} edit={edit} field="feeds" label="Order of feeds" />
      {split.length > 0 && (
        <>
          <Text size="sm" fw={600}>
            Split off: each is a channel of its own
          </Text>
          <ul className={styles.list}>
            {split.map((id) => (
              <li key={id} className={styles.item}>
                <Text size="sm" className={styles.words}>
                  {client.getQueryData<string>(feedName(id)) ?? `Feed ${id}`}
                </Text>
                <Group gap="xs">
                  <Button
                    size="compact-sm"
                    variant="default"
                    disabled={act.isPending}
                    aria-label={`Take back: feed ${id}`}
                    onClick={() => act.mutate({ split: split.filter((other) => other !== id) })}
                  >
                    Take back
                  </Button>
                </Group>
              </li>
            ))}
          </ul>
        </>
      )}
    </Stack>
  )
}
