import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import type { ViewerSession } from "@tributary/shared/admin-api/viewers"
import { duration } from "../../../parts/figures.ts"
import { QueryView } from "../../../parts/query-view.tsx"
import { sessionsQuery, useEndSession } from "../viewers-queries.ts"
import { addressNames, kindInWords } from "./session-words.ts"

/** What a viewer plays now. */
export function SessionList({ username }: { username: string }) {
  const sessions = useQuery(sessionsQuery(username))
  return (
    <Stack gap="xs" component="section" aria-labelledby="viewer-sessions">
      <Title order={3} size="h5" id="viewer-sessions">
        Sessions now
      </Title>
      <QueryView query={sessions}>
        {(list) => {
          const nameOf = addressNames(list)
          return list.length === 0 ? (
            <Text size="sm" role="status">
              They play nothing.
            </Text>
          ) : (
            list.map((session) => (
              <SessionItem
                key={session.id}
                username={username}
                session={session}
                address={nameOf(session.addressDigest)}
              />
            ))
          )
        }}
      </QueryView>
    </Stack>
  )
}

interface SessionItemProps {
  username: string
  session: ViewerSession
  address: string | null
}

function SessionItem({ username, session, address }: SessionItemProps) {
  const end = useEndSession(username, session.id)
  const { channel, channelName, kind, streamer, since } = session
  const name = channelName ?? channel
  const facts = [
    kindInWords(kind),
    `for ${duration(Date.now() - since)}`,
    ...(streamer === null ? [] : [`at streamer ${streamer}`]),
    ...(address === null ? [] : [`from ${address}`]),
  ]
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {name}
          </Text>
          <Text size="sm" className="figures" style={{ overflowWrap: "anywhere" }}>
            {facts.join(" · ")}
          </Text>
        </div>
        <Button
          size="xs"
          variant="default"
          flex="none"
          loading={end.isPending}
          disabled={end.isSuccess}
          aria-label={`End ${name}`}
          onClick={() => end.mutate()}
        >
          {end.isSuccess ? "Ending…" : "End"}
        </Button>
      </Group>
    </Paper>
  )
}
