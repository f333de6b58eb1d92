import { Modal } from "@mantine/core"
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useEffect, useState } from "react"
import { ApiError } from "../api/api-error.ts"
import { PageLoading } from "../app/page-states.tsx"
import { ServerAway } from "./server-away.tsx"
import { sessionQuery, signInKey } from "./session.ts"
import { SignIn, SignInForm } from "./sign-in.tsx"

// Above drawers and dialogs, which stay open below it.
const aboveAll = 1_000

/** Shows what is inside to who is signed in, and asks others for the token. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useQuery(sessionQuery)
  const [wasSignedIn, setWasSignedIn] = useState(false)
  useSessionEnds()
  const isSignedIn = data?.signedIn === true
  const hasLeft = data?.hasLeft === true
  useEffect(() => {
    if (isSignedIn) setWasSignedIn(true)
    else if (hasLeft) setWasSignedIn(false)
  }, [isSignedIn, hasLeft])

  if (data === undefined)
    return error === null ? <PageLoading /> : <ServerAway error={error} onRetry={() => void refetch()} />
  if (!isSignedIn && (hasLeft || !wasSignedIn)) return <SignIn />
  return (
    <>
      {children}
      {/* The session ended by itself: what was typed is still there after signing in again. */}
      <Modal
        opened={!isSignedIn}
        onClose={() => undefined}
        title="The session has ended"
        withCloseButton={false}
        closeOnEscape={false}
        closeOnClickOutside={false}
        zIndex={aboveAll}
      >
        <SignInForm />
      </Modal>
    </>
  )
}

/** A session that ended while the page was open shows itself by the first call that is refused. */
function useSessionEnds(): void {
  const client = useQueryClient()
  useEffect(() => {
    const look = (failure: unknown) => {
      if (failure instanceof ApiError && failure.status === 401)
        client.setQueryData(sessionQuery.queryKey, { signedIn: false, expiresAt: null })
    }
    // Only what happens now counts: errors of before stay in what was asked for then.
    const stopQueries = client.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "error") look(event.action.error)
    })
    const stopChanges = client.getMutationCache().subscribe((event) => {
      if (event.type !== "updated" || event.action.type !== "error") return
      if (event.mutation.options.mutationKey?.[0] !== signInKey) look(event.action.error)
    })
    return () => {
      stopQueries()
      stopChanges()
    }
  }, [client])
}
