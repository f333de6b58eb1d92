import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { FaultProxy, StoreMode } from "./fault-proxy.ts"

/** A request that the stand-in for a streamer's internal address got. */
export interface StreamerCall {
  method: string
  path: string
  authorization: string | null
}

/**
 * What tests inside workerd ask of the Node side: `POST /store/{mode}` sets the store's behaviour,
 * everything below `/streamer/` is a streamer that notes its calls (`/failing-streamer/`: and answers 500),
 * `GET /calls` lists them, `DELETE /calls` forgets them. `PUT /details` sets what streamers say of titles.
 */
export async function startControlServer(store: FaultProxy) {
  const calls: StreamerCall[] = []
  const details = { text: "" }
  const server = createServer((request, response) => {
    if (request.url !== "/details") return answer(request, response, store, calls, details.text)
    details.text = ""
    request.on("data", (chunk: Buffer) => {
      details.text += String(chunk)
    })
    request.on("end", () => response.end())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  store: FaultProxy,
  calls: StreamerCall[],
  details: string,
): void {
  const { method = "", url: path = "" } = request
  const mode = /^\/store\/(pass|refuse|hang)$/.exec(path)?.[1]
  if (mode !== undefined) store.setMode(mode as StoreMode)
  else if (path === "/calls" && method === "GET") {
    response.end(JSON.stringify(calls))
    return
  } else if (path === "/calls") calls.length = 0
  else {
    calls.push({ method, path, authorization: request.headers.authorization ?? null })
    const asksForDetails = path.includes("/internal/details/")
    if (path.startsWith("/failing-streamer/")) response.statusCode = 500
    else if (!asksForDetails) response.statusCode = 202
    else response.statusCode = details === "" ? 404 : 200
    if (asksForDetails) response.write(details)
  }
  response.end()
}
