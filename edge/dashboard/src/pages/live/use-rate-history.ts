import type { Stream } from "@tributary/shared/admin-api/streams"
import { useEffect, useState } from "react"
import { type RateHistory, withSamples } from "./rate-history.ts"

const nothing: RateHistory = new Map()

/** The bitrates since the page was opened; one sample for each answer, which came at `at` (Unix milliseconds). */
export function useRateHistory(streams: readonly Stream[] | undefined, at: number): RateHistory {
  const [history, setHistory] = useState(nothing)
  useEffect(() => {
    if (streams !== undefined) setHistory((before) => withSamples(before, streams, at))
  }, [streams, at])
  return history
}
