import { Anchor, Card, Stack, Text, Title } from "@mantine/core"
import type { FailingFeed } from "@tributary/shared/admin-api/overview"
import { Link } from "react-router"
import { failureWords } from "./failure-words.ts"

interface FailingFeedsCardProps {
  feeds: readonly FailingFeed[]
  /** Names of sources by their ids. */
  sourceNames: ReadonlyMap<string, string>
  /** Unix milliseconds. */
  now: number
}

/** The feeds that did not open, or broke, and since when. */
export function FailingFeedsCard({ feeds, sourceNames, now }: FailingFeedsCardProps) {
  return (
    <Card withBorder component="section" aria-labelledby="failing">
      <Title order={2} size="h4" id="failing" mb="sm">
        Failing feeds
      </Title>
      {feeds.length === 0 ? (
        <Text size="sm">None: every feed that was opened lately came.</Text>
      ) : (
        <Stack component="ul" gap="xs" m={0} p={0} mah={320} style={{ overflowY: "auto", listStyle: "none" }}>
          {feeds.map((feed) => (
            <li key={feed.feed}>
              <Anchor
                component={Link}
                to={`/channels?channel=${encodeURIComponent(feed.channel)}`}
                size="sm"
                style={{ overflowWrap: "anywhere" }}
              >
                {feed.channelName ?? `Channel ${feed.channel}`}
              </Anchor>
              <Text size="sm" c="dimmed" className="figures">
                {sourceNames.get(feed.source) ?? feed.source} · {failureWords(feed, now)}
              </Text>
            </li>
          ))}
        </Stack>
      )}
    </Card>
  )
}
