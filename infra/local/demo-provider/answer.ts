import { once } from "node:events"
import type { IncomingMessage, ServerResponse } from "node:http"
import { type Fault, hasBegun, replacesAnswer } from "./faults.ts"
import { garbage } from "./live-connection.ts"
import type { ProviderState } from "./provider-state.ts"
import { resetConnection } from "./reset-connection.ts"

const chunkBytes = 64 * 1024
const slowSteps = 10
const htmlPage =
  "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n"

/** Does what the fault has instead of an answer. False when there is nothing of the kind to do. */
export function answerByFault(response: ServerResponse, fault: Fault | null): boolean {
  if (!fault || !replacesAnswer(fault)) return false
  const act = () => {
    if (response.destroyed) return
    if (fault.kind === "refuse") resetConnection(response)
    else if (fault.kind === "status")
      response.writeHead(fault.status, { "content-length": 0, connection: "close" }).end()
    else if (fault.kind === "html") response.writeHead(200, { "content-type": "text/html" }).end(htmlPage)
  }
  if (fault.afterMs === undefined) act()
  else {
    const timer = setTimeout(act, fault.afterMs)
    response.on("close", () => clearTimeout(timer))
  }
  return true
}

export type Answer = {
  status: number
  headers: Record<string, string | number>
  /** A buffer, or what makes its parts as they are sent. */
  body: { readonly length: number; subarray(from: number, to: number): Buffer }
}

/** Sends an answer whose body is at hand, with back-pressure, and spoils it as the fault says. */
export async function sendAnswer(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  fault: Fault | null,
  onSent: (bytes: number) => void = () => {},
): Promise<void> {
  if (answerByFault(response, fault)) return
  response.writeHead(status, { "content-length": body.length, ...headers })
  if (request.method === "HEAD") {
    response.end()
    return
  }
  const started = state.now()
  let sent = 0
  while (sent < body.length && !response.destroyed) {
    const begun = fault !== null && hasBegun(fault, sent, state.now() - started)
    if (begun && fault.kind === "stall") {
      response.flushHeaders()
      return
    }
    if (begun && fault.kind === "reset") {
      response.flushHeaders()
      resetConnection(response)
      return
    }
    if (begun && fault.kind === "end") break
    let size = Math.min(chunkBytes, body.length - sent)
    if (begun && fault.kind === "slow") {
      size = Math.min(size, Math.ceil(fault.bytesPerSecond / slowSteps))
      await pause(response, 1000 / slowSteps)
      if (response.destroyed) return
    } else if (fault?.afterBytes !== undefined && sent < fault.afterBytes) {
      size = Math.min(size, fault.afterBytes - sent)
    }
    const chunk = begun && fault.kind === "garbage" ? garbage(size) : body.subarray(sent, sent + size)
    sent += size
    onSent(size)
    if (!response.write(chunk)) await writable(response)
  }
  // Short of its content-length where the fault ended it: the connection is closed, as a dying panel does.
  if (sent < body.length) response.shouldKeepAlive = false
  response.end(() => {
    if (sent < body.length) response.socket?.destroySoon()
  })
}

/** Resolves on the next drain or on the connection's end. */
async function writable(response: ServerResponse): Promise<void> {
  if (response.destroyed) return
  const done = new AbortController()
  try {
    await Promise.race([
      once(response, "drain", { signal: done.signal }),
      once(response, "close", { signal: done.signal }),
    ])
  } finally {
    done.abort()
  }
}

async function pause(response: ServerResponse, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      response.off("close", finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    response.on("close", finish)
  })
}
