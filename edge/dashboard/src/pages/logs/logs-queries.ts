import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import type { LogPage } from "@tributary/shared/admin-api/logs"
import type { LogLevel } from "@tributary/shared/log/log-line"
import { call } from "../../api/call.ts"
import { emptyTail, type LogTail, pageLines, withPage } from "./log-tail.ts"

export interface LogFilter {
  /** The lowest that is shown. */
  level: LogLevel
  search: string
}

// While more lines are there than an answer holds.
const catchUpMilliseconds = 250
const pollMilliseconds = 2_000

/** The newest lines; each time it is asked, what came behind them is added. `isPaused`: it is not asked again. */
export const logTailQuery = ({ level, search }: LogFilter, isPaused: boolean) =>
  queryOptions({
    queryKey: ["logs", level, search],
    queryFn: async ({ client, queryKey, signal }) => {
      const tail = client.getQueryData<LogTail>(queryKey) ?? emptyTail
      const query = new URLSearchParams({ level, search, limit: String(pageLines) })
      if (tail.next !== null) query.set("after", tail.next)
      return withPage(tail, await call<LogPage>("GET", `/logs?${query}`, undefined, signal))
    },
    placeholderData: keepPreviousData,
    refetchInterval: isPaused
      ? false
      : ({ state }) => (state.data?.isBehind ? catchUpMilliseconds : pollMilliseconds),
    refetchOnWindowFocus: !isPaused,
    staleTime: isPaused ? Number.POSITIVE_INFINITY : 0,
    // Lines of a filter that was left would have a gap when it is chosen again.
    gcTime: 0,
    structuralSharing: false,
  })
