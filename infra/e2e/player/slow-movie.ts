import { expect, onTestFinished } from "vitest"
import { demoMovie } from "../../local/demo-provider/channels.ts"
import type { FedTwice } from "../system/fed-twice.ts"
import { entryNamed } from "../system/playlist.ts"

/** As playlists name it. */
export const movieName = `${demoMovie.name} (${demoMovie.year})`

/** A viewer of the demo provider's movie, which comes so slowly that it is still under way; gone when its test ends. */
export async function watchingMovie({
  provider,
  entries,
}: FedTwice): Promise<{ streamer: string; ended: Promise<"whole" | "broken"> }> {
  provider.setFault(demoMovie.id, { kind: "slow", bytesPerSecond: 40_000, afterBytes: 100_000 })
  const gone = new AbortController()
  onTestFinished(() => {
    gone.abort()
    provider.clearFaults()
  })
  const response = await fetch(entryNamed(entries, movieName).url, { signal: gone.signal })
  expect(response.status).toBe(200)
  const ended = response.arrayBuffer().then(
    () => "whole" as const,
    () => "broken" as const,
  )
  return { streamer: new URL(response.url).origin, ended }
}
