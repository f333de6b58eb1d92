import { Stack, Text, Title } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import type { ChannelGuide } from "@tributary/shared/admin-api/channels"
import { QueryView } from "../../../parts/query-view.tsx"
import { guideQuery } from "../channel-queries.ts"
import type { PublishedChannel } from "./channel-values.ts"
import styles from "./channel-view.module.css"

const mostShown = 5

/** What is on, and what comes next. */
export function GuideSection({ channel }: { channel: PublishedChannel }) {
  const isThere = channel.guide && !channel.hidden
  const guide = useQuery({ ...guideQuery(channel.id), enabled: isThere })
  return (
    <Stack gap="xs" component="section" aria-labelledby="channel-guide">
      <Title order={3} size="h5" id="channel-guide">
        Guide
      </Title>
      {isThere ? (
        <QueryView query={guide}>{({ programmes }) => <Programmes programmes={programmes} />}</QueryView>
      ) : (
        <Text size="sm">
          {channel.hidden
            ? "A hidden channel has no guide."
            : "No guide has programmes for it. The guide's channel id above may lead to some."}
        </Text>
      )}
    </Stack>
  )
}

function Programmes({ programmes }: ChannelGuide) {
  if (programmes.length === 0) return <Text size="sm">The guide has nothing from now on.</Text>
  const now = Date.now() / 1000
  return (
    <ul className={styles.list}>
      {programmes.slice(0, mostShown).map(({ start, stop, title, description }) => (
        <li key={start} className={styles.item}>
          <div className={styles.words}>
            <Text size="sm" fw={start <= now ? 600 : undefined}>
              {title}
            </Text>
            <Text size="xs" c="dimmed" className="figures">
              {start <= now && "Now: "}
              {clock(start)} to {clock(stop)}
            </Text>
            {start <= now && description !== "" && (
              <Text size="xs" lineClamp={3}>
                {description}
              </Text>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}

const clock = (seconds: number) =>
  new Date(seconds * 1000).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })
