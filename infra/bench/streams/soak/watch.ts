import { openRequest } from "../../../e2e/player/open-request.ts"
import { readFreely, readSlowly } from "../../../e2e/player/read-body.ts"

/** A player that keeps nothing. */
export interface Watching {
  bytes: () => number
  /** How it ended: `left` by itself, or what the other side did. Never rejects. */
  ended: Promise<string>
  close: () => Promise<unknown>
}

export interface WatchOptions {
  /** Reads no faster; without it as fast as it comes. */
  bytesPerSecond?: number
}

/** Plays from the edge's address on, until it is closed or ended. */
export function watch(url: string, { bytesPerSecond }: WatchOptions = {}): Watching {
  const ended = Promise.withResolvers<string>()
  let bytes = 0
  const take = (chunk: Buffer) => {
    bytes += chunk.length
  }
  const request = openRequest(
    new URL(url),
    { method: "GET", headers: { "user-agent": "tributary-soak" }, followRedirects: true },
    {
      onRedirect: () => undefined,
      onError: (error) => ended.resolve(error.code ?? error.message),
      onResponse: (response) => {
        response.on("error", (error: NodeJS.ErrnoException) => ended.resolve(error.code ?? error.message))
        response.on("end", () =>
          ended.resolve(response.statusCode === 200 ? "end" : `${response.statusCode}`),
        )
        if (bytesPerSecond === undefined || response.statusCode !== 200) readFreely(response, take)
        else readSlowly(response, take, { bytesPerSecond, now: () => performance.now() })
      },
    },
  )
  return {
    bytes: () => bytes,
    // Its sockets are gone then.
    ended: ended.promise.then(async (how) => {
      await request.close()
      return how
    }),
    close: () => {
      ended.resolve("left")
      return request.close()
    },
  }
}
