import { Alert, Stack, Text } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { IconAlertTriangle } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { LogLevel } from "@tributary/shared/log/log-line"
import { useMemo, useRef, useState } from "react"
import { PageHead } from "../../app/page-head.tsx"
import { count } from "../../parts/figures.ts"
import { QueryView } from "../../parts/query-view.tsx"
import { streamersQuery } from "../overview/overview-queries.ts"
import { lineText } from "./line-words.ts"
import { LogActs } from "./log-acts.tsx"
import { LogFilters } from "./log-filters.tsx"
import { type LogTail, mostLines, type TailLine } from "./log-tail.ts"
import { LogView } from "./log-view.tsx"
import { logTailQuery } from "./logs-queries.ts"
import { useFollow } from "./use-follow.ts"

const typingMilliseconds = 300
const noLines: readonly TailLine[] = []
const byText = (one: string, other: string) => one.localeCompare(other)

/** What the streamers wrote down. */
export function Component() {
  const [level, setLevel] = useState<LogLevel>("info")
  const [search, setSearch] = useState("")
  const [streamer, setStreamer] = useState("")
  const [isPaused, setPaused] = useState(false)
  const [typed] = useDebouncedValue(search, typingMilliseconds)
  const tail = useQuery(logTailQuery({ level, search: typed }, isPaused))
  const running = useQuery(streamersQuery)
  const scroller = useRef<HTMLDivElement>(null)
  const follow = useFollow(scroller)
  const all = tail.data?.lines ?? noLines
  const lines = useMemo(
    () => (streamer === "" ? all : all.filter((line) => line.streamer === streamer)),
    [all, streamer],
  )
  const streamers = new Set([
    ...(running.data ?? []).map(({ id }) => id),
    ...all.map((line) => line.streamer),
  ])
  if (streamer !== "") streamers.add(streamer)
  return (
    <>
      <PageHead
        title="Logs"
        lead="What the streamers write down as it happens, without logins and providers' addresses."
      />
      <Stack gap="sm">
        <LogFilters
          {...{ level, search, streamer, streamers: [...streamers].sort(byText) }}
          onLevel={setLevel}
          onSearch={setSearch}
          onStreamer={setStreamer}
        />
        <LogActs
          isFollowing={follow.isFollowing}
          isPaused={isPaused}
          text={useMemo(() => lines.map(lineText).join("\n"), [lines])}
          onFollow={follow.setFollowing}
          onPause={setPaused}
        />
        <QueryView query={tail}>
          {({ arrived, total, unanswered }) => (
            <>
              <Missing unanswered={unanswered} />
              <LogView
                key={`${level} ${typed}`}
                scroller={scroller}
                lines={lines}
                arrived={arrived}
                follow={follow}
              />
              <Text size="sm" c="dimmed" className="figures">
                {tailWords({ shown: lines.length, total, isPaused })}
              </Text>
            </>
          )}
        </QueryView>
      </Stack>
    </>
  )
}

function Missing({ unanswered }: Pick<LogTail, "unanswered">) {
  if (unanswered.length === 0) return null
  return (
    <Alert color="yellow" role="status" icon={<IconAlertTriangle aria-hidden />}>
      The lines of {unanswered.join(", ")} are missing: no answer comes from there.
    </Alert>
  )
}

function tailWords({ shown, total, isPaused }: { shown: number; total: number; isPaused: boolean }): string {
  const lines =
    shown === 0
      ? "No line is like this. A lower level shows more."
      : `${shown === 1 ? "1 line" : `${count(shown)} lines`}${total > mostLines ? "; older ones are not kept here" : ""}.`
  return isPaused ? `${lines} Paused: new ones are read when it goes on.` : lines
}
