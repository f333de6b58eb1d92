import type { IncomingMessage } from "node:http"

export type ReadBody = { kind: "body"; body: Buffer } | { kind: "too_large" } | { kind: "aborted" }

/** Reads a whole body, at most `maxBytes` of it. Straight from Node: a web stream has no limit to set. */
export function readBody(incoming: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  const declared = Number(incoming.headers["content-length"] ?? 0)
  if (declared > maxBytes) return Promise.resolve({ kind: "too_large" })
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const onData = (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBytes) return finish({ kind: "too_large" })
      chunks.push(chunk)
    }
    const finish = (result: ReadBody) => {
      incoming.off("data", onData)
      resolve(result)
    }
    incoming.on("data", onData)
    incoming.once("end", () => {
      const [first] = chunks
      finish({
        kind: "body",
        body: first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks),
      })
    })
    incoming.once("error", () => finish({ kind: "aborted" }))
    incoming.once("close", () => finish({ kind: "aborted" }))
  })
}
