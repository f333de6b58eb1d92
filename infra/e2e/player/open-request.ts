import http from "node:http"
import https from "node:https"

const MAX_REDIRECTS = 5

export interface OpenRequestOptions {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly followRedirects: boolean
}

export interface RequestEvents {
  /** A redirect that is followed. */
  onRedirect(status: number, location: URL): void
  onResponse(response: http.IncomingMessage, url: URL): void
  onError(error: NodeJS.ErrnoException): void
}

/**
 * Sends a request on a connection of its own and follows redirects by hand, so that they can be told.
 * `close()` destroys whatever is open and resolves when the last socket is gone; it may be called again.
 */
export function openRequest(url: URL, options: OpenRequestOptions, events: RequestEvents) {
  const closing: Promise<void>[] = []
  let current: http.ClientRequest | null = null
  let closed = false

  function send(target: URL, redirects: number): void {
    const client = target.protocol === "https:" ? https : http
    const request = client.request(target, {
      method: options.method,
      headers: options.headers,
      agent: false,
    })
    current = request
    const gone = Promise.withResolvers<void>()
    closing.push(gone.promise)
    // A request that never got a socket closes itself; else the socket's own end counts.
    let socketOpen = false
    request.once("socket", (socket) => {
      socketOpen = true
      socket.once("close", () => gone.resolve())
    })
    request.once("close", () => {
      if (!socketOpen) gone.resolve()
    })
    request.on("error", (error: NodeJS.ErrnoException) => {
      if (!closed && current === request) events.onError(error)
    })
    request.once("response", (response) => {
      const next = redirectOf(response, target)
      if (next === null || redirects >= MAX_REDIRECTS) return events.onResponse(response, target)
      events.onRedirect(response.statusCode ?? 0, next)
      if (closed) return
      send(next, redirects + 1)
      request.destroy()
    })
    request.end()
  }

  function redirectOf(response: http.IncomingMessage, target: URL): URL | null {
    const status = response.statusCode ?? 0
    const location = response.headers.location
    if (!options.followRedirects || status < 300 || status >= 400 || location === undefined) return null
    return URL.parse(location, target.href)
  }

  send(url, 0)

  return {
    async close(): Promise<void> {
      closed = true
      current?.destroy()
      await Promise.all(closing)
    },
  }
}
