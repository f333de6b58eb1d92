import type { IncomingMessage } from "node:http"

const mostBytes = 1024 * 1024

/** The whole body as text; a larger one than 1 MiB is an error. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new Error("the request's body is too large")
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}
