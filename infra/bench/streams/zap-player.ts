import { createStreamChecker } from "../../e2e/player/check-stream.ts"
import { openRequest } from "../../e2e/player/open-request.ts"

/** What a player saw from its click on; milliseconds. */
export interface Zapped {
  /** Until it was told where to go; null when nobody redirected it. */
  redirectMs: number | null
  /** Until the first byte of a picture that can be shown: a keyframe, whose tables came before it. */
  videoMs: number
}

const patienceMilliseconds = 10_000

/** Asks as a player does, on connections of its own, waits for the picture, and leaves. Rejects when none comes. */
export async function zapTo(url: string): Promise<Zapped> {
  const shown = Promise.withResolvers<Zapped>()
  const now = () => performance.now()
  const from = now()
  const checker = createStreamChecker({ now, startedAt: from })
  let redirectMs: number | null = null
  const fail = (why: string) => shown.reject(new Error(`no picture: ${why}`))
  const request = openRequest(
    new URL(url),
    { method: "GET", headers: { "user-agent": "tributary-bench" }, followRedirects: true },
    {
      onRedirect: () => {
        redirectMs ??= now() - from
      },
      onError: (error) => fail(error.code ?? error.message),
      onResponse: (response) => {
        if (response.statusCode !== 200) return fail(`answered ${response.statusCode}`)
        response.on("error", (error) => fail(error.message))
        response.on("end", () => fail("the stream ended"))
        response.on("data", (chunk: Buffer) => {
          const at = now()
          checker.feed(chunk, at)
          // By when its bytes came, not by when they were understood.
          if (checker.report().keyframes > 0) shown.resolve({ redirectMs, videoMs: at - from })
        })
      },
    },
  )
  const timer = setTimeout(() => fail("none in time"), patienceMilliseconds)
  try {
    return await shown.promise
  } finally {
    clearTimeout(timer)
    await request.close()
  }
}
