import { openRequest } from "../../e2e/player/open-request.ts"

/** A player that reads what comes and keeps nothing. */
export interface BarePlayer {
  /** Bytes so far; null once it has ended. */
  bytes: () => number | null
  close: () => Promise<void>
}

const startMilliseconds = 15_000

/** Plays until it is closed; resolves with its first byte, rejects when none comes. */
export async function openBarePlayer(url: string): Promise<BarePlayer> {
  const started = Promise.withResolvers<void>()
  let [bytes, ended] = [0, false]
  const end = (why: string) => {
    ended = true
    started.reject(new Error(`a player ${why}`))
  }
  const request = openRequest(
    new URL(url),
    { method: "GET", headers: { "user-agent": "tributary-bench" }, followRedirects: true },
    {
      onRedirect: () => undefined,
      onError: (error) => end(`broke: ${error.code ?? error.message}`),
      onResponse: (response) => {
        if (response.statusCode !== 200) return end(`was answered ${response.statusCode}`)
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length
          started.resolve()
        })
        response.on("end", () => end("saw the end of its stream"))
        response.on("error", () => end("lost its stream"))
      },
    },
  )
  const timer = setTimeout(() => end("got no byte"), startMilliseconds)
  try {
    await started.promise
  } catch (error) {
    await request.close()
    throw error
  } finally {
    clearTimeout(timer)
  }
  return { bytes: () => (ended ? null : bytes), close: () => request.close() }
}
