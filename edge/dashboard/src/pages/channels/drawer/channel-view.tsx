import { Button, Divider, Group, Stack, Text } from "@mantine/core"
import { confirm } from "../../../parts/confirm.tsx"
import { tellDone } from "../../../parts/tell.ts"
import { allTakenBack, useChannelAct } from "../edit-channel.ts"
import { effectiveRow } from "../effective-row.ts"
import { ChannelLogo } from "../table/channel-logo.tsx"
import { ChannelForm } from "./channel-form.tsx"
import type { PublishedChannel } from "./channel-values.ts"
import styles from "./channel-view.module.css"
import { FeedSection } from "./feed-section.tsx"
import { GuideSection } from "./guide-section.tsx"
import { MergeSection } from "./merge-section.tsx"
import { PlaySection } from "./play-section.tsx"

const kindWords = { live: "Channel", movie: "Movie", series: "Series", episode: "Episode" }

/** All of one channel: what it shows, where it comes from, and what can be changed of it. */
export function ChannelView({ channel }: { channel: PublishedChannel }) {
  const { logo, edited, name, hidden } = effectiveRow(channel)
  const isLive = channel.kind === "live"
  const act = useChannelAct(channel.id)
  const takeAllBack = () =>
    confirm({
      title: `Take back all changes of ${name}?`,
      text: "Its name, number, groups, logo, order of feeds, merges and splits will be as the sources say.",
      verb: "Take back",
      onConfirm: () =>
        act.mutate(allTakenBack, { onSuccess: () => tellDone(`${name} will be as the sources say.`) }),
    })
  return (
    <Stack>
      <Group wrap="nowrap">
        <span className={styles.logoBox}>
          <ChannelLogo address={logo} className={styles.logo} />
        </span>
        <Text size="sm" className={styles.about}>
          {kindWords[channel.kind]} {channel.id}
          {channel.tvgId !== "" && (
            <>
              <br />
              tvg-id {channel.tvgId}
            </>
          )}
        </Text>
      </Group>
      {channel.kind !== "series" && (
        <PlaySection id={channel.id} name={name} isHidden={hidden || channel.hidden} />
      )}
      <Divider />
      <ChannelForm channel={channel} />
      <Divider />
      <FeedSection channel={channel} />
      <Divider />
      <MergeSection channel={channel} />
      {isLive && (
        <>
          <Divider />
          <GuideSection channel={channel} />
        </>
      )}
      {edited && (
        <>
          <Divider />
          <Button
            variant="light"
            color="red"
            onClick={takeAllBack}
            loading={act.isPending}
            className={styles.start}
          >
            Take back all changes
          </Button>
        </>
      )}
    </Stack>
  )
}
