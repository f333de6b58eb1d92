import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { FaultProxy, StoreMode } from "./fault-proxy.ts"
import { listening } from "./listening.ts"

/** A request that the stand-in for a streamer's internal address got. */
export interface StreamerCall {
  method: string
  path: string
  authorization: string | null
  body: string
}

/** What streamers answer, as tests set it. */
interface Answers {
  /** Of titles; "": there are none. */
  "/details": string
  /** Of a provider profile that is tested; "": they never answer. */
  "/profile-check": string
  /** Of metrics, by the streamer's internal path; without an entry it never answers. */
  metrics: Map<string, string>
  /** To other calls, by method and internal path without query; "": they never answer. */
  calls: Map<string, { status: number; body: string }>
}

/**
 * What tests inside workerd ask of the Node side: `POST /store/{mode}` sets the store's behaviour,
 * everything below `/streamer/` is a streamer that notes its calls (`/failing-streamer/`: and answers 500),
 * `GET /calls` lists them, `DELETE /calls` forgets them. `PUT /details` and `PUT /profile-check` set what
 * streamers say of titles and of provider profiles, `PUT /streamer/{id}/metrics` what one says of itself, and
 * `PUT /streamer/{id}/internal/…?method=&status=` what it answers to that call; `DELETE /calls` forgets that too.
 */
export async function startControlServer(store: FaultProxy) {
  const calls: StreamerCall[] = []
  const answers: Answers = { "/details": "", "/profile-check": "", metrics: new Map(), calls: new Map() }
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk: Buffer) => {
      body += String(chunk)
    })
    request.on("end", () => {
      if (request.url === "/details" || request.url === "/profile-check") {
        answers[request.url] = body
        response.end()
      } else if (request.method === "PUT" && request.url?.endsWith("/metrics")) {
        answers.metrics.set(request.url, body)
        response.end()
      } else if (request.method === "PUT") {
        const { pathname, searchParams } = new URL(request.url ?? "", "http://control")
        const status = Number(searchParams.get("status") ?? 200)
        answers.calls.set(`${searchParams.get("method") ?? "GET"} ${pathname}`, { status, body })
        response.end()
      } else answer(request, body, response, store, calls, answers)
    })
  })
  return listening(server)
}

function answer(
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
  store: FaultProxy,
  calls: StreamerCall[],
  answers: Answers,
): void {
  const { method = "", url: path = "" } = request
  const mode = /^\/store\/(pass|refuse|hang)$/.exec(path)?.[1]
  if (mode !== undefined) store.setMode(mode as StoreMode)
  else if (path === "/calls" && method === "GET") response.write(JSON.stringify(calls))
  else if (path === "/calls") {
    calls.length = 0
    answers.calls.clear()
  } else {
    calls.push({ method, path, authorization: request.headers.authorization ?? null, body })
    const set = answers.calls.get(`${method} ${path.split("?")[0]}`)
    if (set !== undefined) {
      if (set.body === "") return
      response.writeHead(set.status).end(set.body)
      return
    }
    const given = answerOf(path, answers)
    if (given === "" && /\/(?:internal\/profiles\/test|metrics)$/.test(path)) return
    if (path.startsWith("/failing-streamer/")) response.statusCode = 500
    else if (given === null) response.statusCode = 202
    else response.statusCode = given === "" ? 404 : 200
    if (given !== null) response.write(given)
  }
  response.end()
}

/** What is answered to a question; null: the call is none. */
function answerOf(path: string, answers: Answers): string | null {
  if (path.includes("/internal/details/")) return answers["/details"]
  if (path.endsWith("/metrics")) return answers.metrics.get(path) ?? ""
  return path.endsWith("/internal/profiles/test") ? answers["/profile-check"] : null
}
