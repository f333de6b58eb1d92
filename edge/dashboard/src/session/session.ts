import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { Session } from "@tributary/shared/admin-api/session"
import { call } from "../api/call.ts"

/** What is known of this browser's session. */
export interface BrowserSession extends Session {
  /** The admin signed out: nothing of the page is kept. */
  hasLeft?: true
}

/** First part of the key of signing in, whose refusal says nothing of a session. */
export const signInKey = "sign-in"

/** Whether this browser is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => call<BrowserSession>("GET", "/session", undefined, signal),
  staleTime: 60_000,
})

/** Exchanges the admin token for a cookie that no script can read. */
export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationKey: [signInKey],
    mutationFn: (token: string) => call<Session>("POST", "/session", { token }),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session)
      // What was refused meanwhile is asked for again.
      return client.invalidateQueries({ predicate: ({ state }) => state.status === "error" })
    },
  })
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call<Session>("DELETE", "/session"),
    onSuccess: (session) => {
      // What the admin saw is not kept; this query itself goes on, as what is shown follows it.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] })
      client.setQueryData(sessionQuery.queryKey, { ...session, hasLeft: true })
    },
  })
}
