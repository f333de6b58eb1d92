import { Alert, Stack, Text } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { Stream, StreamList } from "@tributary/shared/admin-api/streams"
import { useState } from "react"
import { PageHead } from "../../app/page-head.tsx"
import { QueryView } from "../../parts/query-view.tsx"
import { streamsQuery } from "./live-queries.ts"
import { NobodyWatches } from "./nobody-watches.tsx"
import { PlayModal } from "./play-modal.tsx"
import { keyOf, type RateHistory } from "./rate-history.ts"
import { StreamCard, type StreamCardActs } from "./stream-card.tsx"
import { StreamDrawer } from "./stream-drawer.tsx"
import { StreamFilter } from "./stream-filter.tsx"
import { groupStreams, inOrder, matching, type StreamOrder } from "./stream-groups.ts"
import { useOpenStream } from "./use-open-stream.ts"
import { useRateHistory } from "./use-rate-history.ts"

/** What runs now. */
export function Component() {
  const streams = useQuery(streamsQuery)
  const history = useRateHistory(streams.data?.streams, streams.dataUpdatedAt)
  const { opened, open, close } = useOpenStream()
  const [playing, setPlaying] = useState<Stream | null>(null)
  return (
    <>
      <PageHead
        title="Live"
        lead="Each channel that is watched, whoever watches it: one connection to its provider, and the transcodes made of it."
      />
      <QueryView query={streams}>
        {(list) => (
          <StreamListView
            list={list}
            history={history}
            now={streams.dataUpdatedAt}
            onOpen={open}
            onPlay={setPlaying}
          />
        )}
      </QueryView>
      {opened !== null && (
        <StreamDrawer
          key={keyOf(opened)}
          stream={opened}
          samples={history.get(keyOf(opened)) ?? []}
          onClose={close}
          onPlay={setPlaying}
        />
      )}
      {playing !== null && <PlayModal stream={playing} onClose={() => setPlaying(null)} />}
    </>
  )
}

interface StreamListViewProps extends StreamCardActs {
  list: StreamList
  history: RateHistory
  now: number
}

function StreamListView({ list: { streams, unanswered }, history, now, ...acts }: StreamListViewProps) {
  const [text, setText] = useState("")
  const [order, setOrder] = useState<StreamOrder>("viewers")
  const groups = inOrder(matching(groupStreams(streams), text), order)
  return (
    <Stack>
      {unanswered.length > 0 && (
        <Alert color="yellow" role="status" icon={<IconAlertTriangle aria-hidden />}>
          What runs on {unanswered.join(", ")} is missing: no answer comes from there.
        </Alert>
      )}
      {streams.length === 0 ? (
        <NobodyWatches />
      ) : (
        <>
          <StreamFilter text={text} order={order} onText={setText} onOrder={setOrder} />
          {groups.length === 0 && (
            <Text role="status">No stream that runs has "{text.trim()}" in its names.</Text>
          )}
          {groups.map((group) => (
            <StreamCard key={keyOf(group.stream)} group={group} history={history} now={now} {...acts} />
          ))}
        </>
      )}
    </Stack>
  )
}
