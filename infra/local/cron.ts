const everyMilliseconds = 60_000

/** Does what Cloudflare's cron does: calls the Worker's `scheduled` handler each minute. */
export function callCron(edgeUrl: string): void {
  setInterval(() => {
    fetch(`${edgeUrl}/cdn-cgi/handler/scheduled`, { signal: AbortSignal.timeout(30_000) }).then(
      (response) => response.body?.cancel(),
      // The supervisor restarts an edge that is away; the next minute comes by itself.
      () => undefined,
    )
  }, everyMilliseconds).unref()
}
