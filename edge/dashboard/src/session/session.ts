import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { Session } from "@tributary/shared/admin-api/session"
import { call } from "../api/call.ts"

/** Whether this browser is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => call<Session>("GET", "/session", undefined, signal),
  staleTime: 60_000,
})

/** Exchanges the admin token for a cookie that no script can read. */
export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (token: string) => call<Session>("POST", "/session", { token }),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  })
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call<Session>("DELETE", "/session"),
    onSuccess: (session) => {
      // What the admin saw is not kept; this query itself goes on, as what is shown follows it.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] })
      client.setQueryData(sessionQuery.queryKey, session)
    },
  })
}
