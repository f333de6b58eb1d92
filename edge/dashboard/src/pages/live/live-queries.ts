import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type {
  FailedOverStream,
  StoppedStream,
  Stream,
  StreamDetail,
  StreamList,
} from "@tributary/shared/admin-api/streams"
import { ApiError } from "../../api/api-error.ts"
import { call, path } from "../../api/call.ts"
import { tellDone, tellFailed } from "../../parts/tell.ts"

/** Which stream on which streamer. */
export type StreamKey = Pick<Stream, "id" | "streamer">

/** What runs now, on all streamers. */
export const streamsQuery = queryOptions({
  queryKey: ["streams"],
  queryFn: ({ signal }) => call<StreamList>("GET", "/streams", undefined, signal),
  refetchInterval: 2_000,
})

/** One stream with its viewers. */
export const streamQuery = (key: StreamKey) =>
  queryOptions({
    queryKey: ["streams", key.streamer, key.id],
    queryFn: ({ signal }) => call<StreamDetail>("GET", pathOf(key), undefined, signal),
    refetchInterval: ({ state }) => (hasEnded(state.error) ? false : 2_000),
  })

/** It does not run any more. */
export const hasEnded = (error: Error | null): boolean => error instanceof ApiError && error.status === 404

/** Has a stream go to its next feed. */
export function useFailOver(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (key: StreamKey) => call<FailedOverStream>("POST", pathOf(key, "failover")),
    onSuccess: () => {
      tellDone(`${name} goes to its next feed.`)
      return client.invalidateQueries({ queryKey: streamsQuery.queryKey })
    },
    onError: (error) => tellFailed(`${name} stays on its feed`, error),
  })
}

/** Ends a stream for everyone who watches it there. */
export function useStopStream(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (key: StreamKey) => call<StoppedStream>("DELETE", pathOf(key)),
    onSuccess: () => {
      tellDone(`${name} is stopped.`)
      return client.invalidateQueries({ queryKey: streamsQuery.queryKey })
    },
    onError: (error) => tellFailed(`${name} was not stopped`, error),
  })
}

function pathOf({ id, streamer }: StreamKey, ...act: readonly string[]): string {
  return `${path("streams", id, ...act)}?streamer=${encodeURIComponent(streamer)}`
}
