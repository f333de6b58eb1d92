import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { onTestFinished } from "vitest"

export interface ApiRequest {
  method: string
  path: string
  headers: IncomingMessage["headers"]
  body: unknown
}

/** Answers in their order; the last one again and again. "silence": no answer at all. */
export type ApiAnswer =
  | { status: number; body: unknown; headers?: Record<string, string> }
  | "silence"
  | ((request: ApiRequest) => { status: number; body: unknown })

/** A local server that answers what an API would; it is closed when the test ends. */
export async function startApi(...answers: ApiAnswer[]) {
  const requests: ApiRequest[] = []
  const server = createServer((incoming, outgoing) => void respond(incoming, outgoing))
  async function respond(incoming: IncomingMessage, outgoing: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const { method = "", url: path = "", headers } = incoming
    const request = { method, path, headers, body: text === "" ? null : JSON.parse(text) }
    requests.push(request)
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer === undefined || answer === "silence") return
    const made = typeof answer === "function" ? answer(request) : answer
    const more = "headers" in made ? (made.headers as Record<string, string>) : {}
    outgoing.writeHead(made.status, { "content-type": "application/json", ...more })
    outgoing.end(typeof made.body === "string" ? made.body : JSON.stringify(made.body))
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}
