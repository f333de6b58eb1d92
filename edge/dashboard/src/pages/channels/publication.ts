import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query"
import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { useEffect, useRef } from "react"
import { call } from "../../api/call.ts"

/** Whether what was changed is published: a change shows in playlists, and in rows, from the next publication on. */
export type Publication = { kind: "settled" } | { kind: "waiting" } | { kind: "failed"; reason: string }

/** What the list of imports says of it. */
export function publicationOf(imports: readonly ImportRow[], now: number): Publication {
  const job = imports.find(({ kind }) => kind === "publish")
  if (job === undefined) return { kind: "settled" }
  if (job.running || (job.dueAt !== null && job.dueAt <= now)) return { kind: "waiting" }
  return job.phase === "failed"
    ? { kind: "failed", reason: job.error?.message ?? "It broke off." }
    : { kind: "settled" }
}

const pollMs = 1_000

/** Asked for until it is no longer waited for. A change puts `waiting` here. */
export const publicationQuery = queryOptions<Publication>({
  queryKey: ["channels-publication"],
  queryFn: async ({ signal }) =>
    publicationOf(await call<ImportRow[]>("GET", "/imports", undefined, signal), Date.now()),
  refetchInterval: ({ state }) => (state.data?.kind === "waiting" ? pollMs : false),
})

/** The state of the publication; when one ended, channels are asked for anew. */
export function usePublication(): Publication {
  const client = useQueryClient()
  const { data } = useQuery(publicationQuery)
  const kind = data?.kind ?? "settled"
  const before = useRef(kind)
  useEffect(() => {
    if (before.current === "waiting" && kind === "settled")
      void client.invalidateQueries({ queryKey: ["channels"] })
    before.current = kind
  }, [kind, client])
  return data ?? { kind: "settled" }
}
