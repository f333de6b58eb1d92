import { ApiError, errorOf } from "./api-error.ts"

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** One call of the admin API, with the session's cookie. Throws an ApiError. `path` begins with `/`, below `/api`. */
export async function call<Answer>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await fetch(`/api${path}`, {
    method,
    credentials: "same-origin",
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new ApiError("offline", "The server does not answer.")
  })
  if (!response.ok) throw await errorOf(response)
  return (await response.json()) as Answer
}

/** A path below `/api` of these parts, each of which may hold anything. */
export const path = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join("/")}`
