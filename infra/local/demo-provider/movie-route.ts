import { createHash } from "node:crypto"
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http"
import { admit } from "./admit.ts"
import { type Answer, answerByFault, sendAnswer } from "./answer.ts"
import { byteRange } from "./byte-range.ts"
import { closeWith } from "./live-route.ts"
import type { ProviderState } from "./provider-state.ts"
import { movieOf } from "./titles.ts"

const types = { mp4: "video/mp4", mkv: "video/x-matroska" }
export type MovieExtension = keyof typeof types

/** A film with ranges; each open request is a connection. The account's password has been checked. */
export async function serveMovie(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  username: string,
  id: number,
  extension: MovieExtension,
): Promise<void> {
  const file = extension === "mp4" && movieOf(id)?.isIndexedLate ? "lateMp4" : extension
  const answer = movieAnswer(state.movie[file], types[extension], request.headers)
  if (request.method === "HEAD") return await sendAnswer(state, request, response, answer, null)
  const fault = state.faults.take(String(id), username, true)
  if (fault?.kind !== "hang" && answerByFault(response, fault)) return
  const connection = admit(state, response, username, (max) =>
    state.ledger.open({
      account: username,
      channel: String(id),
      kind: "movie",
      userAgent: request.headers["user-agent"] ?? "",
      max,
      end: () => response.destroy(),
    }),
  )
  if (!connection) return
  closeWith(state, request, response, connection)
  if (fault?.kind === "hang") return
  await sendAnswer(state, request, response, answer, fault, (bytes) => {
    connection.bytesSent += bytes
  })
}

const tags = new WeakMap<Buffer, string>()

function etag(body: Buffer): string {
  let tag = tags.get(body)
  if (!tag) {
    tag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`
    tags.set(body, tag)
  }
  return tag
}

function movieAnswer(body: Buffer, type: string, headers: IncomingHttpHeaders): Answer {
  const tag = etag(body)
  const common = { "content-type": type, "accept-ranges": "bytes", etag: tag }
  // RFC 9110 13.1.5: with another version the range is ignored and the whole is sent.
  const current = headers["if-range"] === undefined || headers["if-range"] === tag
  const range = byteRange(current ? headers.range : undefined, body.length)
  if (range.kind === "whole") return { status: 200, headers: common, body }
  if (range.kind === "outside")
    return {
      status: 416,
      headers: { ...common, "content-range": `bytes */${body.length}` },
      body: Buffer.alloc(0),
    }
  const part = body.subarray(range.start, range.end + 1)
  const contentRange = `bytes ${range.start}-${range.end}/${body.length}`
  return { status: 206, headers: { ...common, "content-range": contentRange }, body: part }
}
