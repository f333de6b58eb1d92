import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { call, path } from "../../api/call.ts"
import { tellDone, tellFailed } from "../../parts/tell.ts"

/** All jobs; asked for more often while one of them runs. */
export const importsQuery = queryOptions({
  queryKey: ["imports"],
  queryFn: ({ signal }) => call<ImportRow[]>("GET", "/imports", undefined, signal),
  refetchInterval: (query) => (query.state.data?.some(({ running }) => running) ? 1_000 : 5_000),
})

/** Where a job is put in the queue. */
export function queuePath({ kind, source }: Pick<ImportRow, "kind" | "source">): string | null {
  if (kind === "publish") return "/imports/publish"
  if (source !== null) return `${path("sources", source)}/import`
  return "/epg/import"
}

/** Has a job run at once. `accept`: its list really shrank, and is to be taken as it is. */
export function useRunImport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ job, accept }: { job: Pick<ImportRow, "kind" | "source">; accept?: boolean }) =>
      call("POST", `${queuePath(job)}${accept ? "?accept=shrunken" : ""}`),
    onSuccess: () => {
      tellDone("It starts now.")
      return client.invalidateQueries({ queryKey: importsQuery.queryKey })
    },
    onError: (error) => tellFailed("It was not started", error),
  })
}
