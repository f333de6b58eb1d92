import http from "node:http"

/** One request on a connection of its own, read as it comes; no timers, so tests wait for events only. */
export type TestClient = {
  status: number
  headers: http.IncomingHttpHeaders
  /** The first `bytes` bytes, as soon as they are there. Rejects when the answer ends before. */
  atLeast: (bytes: number) => Promise<Buffer>
  received: () => Buffer
  /** How the answer ended: by itself, or broken off. */
  ended: Promise<"end" | "broken">
  pause: () => void
  close: () => void
}

export function openClient(
  url: string,
  options: http.RequestOptions = {},
  body?: string,
): Promise<TestClient> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent: false, ...options }, (response) => {
      const chunks: Buffer[] = []
      const waiting: { bytes: number; resolve: (all: Buffer) => void; reject: (error: Error) => void }[] = []
      let size = 0
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        for (const each of waiting) if (size >= each.bytes) each.resolve(Buffer.concat(chunks))
      })
      const ended = new Promise<"end" | "broken">((end) => {
        // Only the request hears of a reset of an answer whose end is the connection's.
        request.on("error", () => end("broken"))
        response.on("error", () => end("broken"))
        response.on("close", () => {
          for (const each of waiting) each.reject(new Error(`the answer ended after ${size} bytes`))
          end(response.complete ? "end" : "broken")
        })
      })
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        atLeast: (bytes) =>
          new Promise((found, missing) => {
            if (size >= bytes) found(Buffer.concat(chunks))
            else waiting.push({ bytes, resolve: found, reject: missing })
          }),
        received: () => Buffer.concat(chunks),
        ended,
        pause: () => response.pause(),
        close: () => request.destroy(),
      })
    })
    request.on("error", reject)
    request.end(body)
  })
}

/** The whole answer. */
export async function getText(url: string, options: http.RequestOptions = {}, body?: string) {
  const client = await openClient(url, options, body)
  await client.ended
  return { status: client.status, headers: client.headers, text: client.received().toString("latin1") }
}
