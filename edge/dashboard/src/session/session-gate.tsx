import { useQuery, useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useEffect } from "react"
import { ApiError } from "../api/api-error.ts"
import { PageLoading } from "../app/page-states.tsx"
import { ServerAway } from "./server-away.tsx"
import { sessionQuery } from "./session.ts"
import { SignIn } from "./sign-in.tsx"

/** Shows what is inside to who is signed in, and asks others for the token. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(sessionQuery)

  // A session that ended while the page was open shows itself by any call that is refused.
  useEffect(() => {
    const ended = (failure: unknown) => {
      if (failure instanceof ApiError && failure.status === 401)
        client.setQueryData(sessionQuery.queryKey, { signedIn: false, expiresAt: null })
    }
    const stopQueries = client.getQueryCache().subscribe(({ query }) => ended(query.state.error))
    const stopChanges = client.getMutationCache().subscribe(({ mutation }) => {
      if (mutation?.options.mutationKey?.[0] !== "sign-in") ended(mutation?.state.error)
    })
    return () => {
      stopQueries()
      stopChanges()
    }
  }, [client])

  if (data !== undefined) return data.signedIn ? children : <SignIn />
  return error === null ? <PageLoading /> : <ServerAway error={error} onRetry={() => void refetch()} />
}
