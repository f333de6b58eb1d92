import { QueryClient } from "@tanstack/react-query"
import { ApiError } from "./api-error.ts"

const mostRetries = 2
// What another try may mend: no answer, or one that says so.
const isPassing = (error: unknown) =>
  error instanceof ApiError && (error.code === "offline" || error.status === 503)

/** Asks again where that may help; polling stops while the tab is hidden (`refetchInterval`'s default). */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => failures < mostRetries && isPassing(error),
    },
    mutations: { retry: false },
  },
})
