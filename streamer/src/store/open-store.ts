import { Redis } from "@upstash/redis"

export interface StoreAccess {
  url: string
  token: string
}

/** A client of the store whose calls are answered within so many milliseconds, or fail. */
export function openStore({ url, token }: StoreAccess, milliseconds: number): Redis {
  return new Redis({
    url,
    token,
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: { retries: 1, backoff: () => 100 },
    signal: () => AbortSignal.timeout(milliseconds),
  })
}
