import type { IncomingMessage, ServerResponse } from "node:http"
import { admit, deny } from "./admit.ts"
import { answerByFault } from "./answer.ts"
import type { Connection } from "./connection-ledger.ts"
import { LiveConnection } from "./live-connection.ts"
import type { ProviderState, RunningChannel } from "./provider-state.ts"

const headers = { "content-type": "video/mp2t", "cache-control": "no-cache", connection: "close" }

/** Any offset that is no multiple of 188: what a relay gets from a panel that knows no packets. */
const midPacketBytes = 100

/** MPEG-TS at the pace of time until one of both ends it. The account's password has been checked. */
export function serveLive(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  username: string,
  channel: RunningChannel,
): void {
  if (request.method === "HEAD") {
    response.writeHead(200, headers).end()
    return
  }
  const fault = state.faults.take(String(channel.id), username, true)
  // A request that hangs is a connection to the panel, so it takes a slot; one that is refused is none.
  if (fault?.kind !== "hang" && answerByFault(response, fault)) return
  let release = () => {}
  const connection = admit(state, response, username, (max) =>
    state.ledger.open({
      account: username,
      channel: String(channel.id),
      kind: "live",
      userAgent: request.headers["user-agent"] ?? "",
      max,
      end: () => release(),
    }),
  )
  if (!connection) return
  release = () => response.destroy()
  closeWith(state, request, response, connection)
  if (fault?.kind === "hang") return
  const startAt = state.settings.startAtByChannel[channel.id] ?? state.settings.startAt
  const live = new LiveConnection({
    channel: channel.full,
    connection,
    response,
    now: state.now,
    maxUnreadBytes: state.settings.maxUnreadBytes,
    skipBytes: startAt === "mid-packet" ? midPacketBytes : 0,
  })
  // Close-delimited, so that a slice is one write of a shared buffer, without a chunk's head and tail.
  response.useChunkedEncodingByDefault = false
  response.writeHead(200, headers)
  response.flushHeaders()
  state.live.add(live)
  response.on("close", () => {
    state.live.delete(live)
    channel.full.unsubscribe(live)
  })
  live.setFault(fault)
  channel.full.subscribe(live, startAt)
}

/** Frees the slot the moment either side closes; a half-closed client has left too. */
export function closeWith(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
): void {
  const leave = () => response.destroy()
  const { socket } = request
  socket.on("end", leave)
  response.on("close", () => {
    socket.off("end", leave)
    state.ledger.release(connection, state.settings.releaseLagMs)
  })
}

/** 302 to an address with a token, which is what then counts as the connection. */
export function redirectLive(
  state: ProviderState,
  response: ServerResponse,
  username: string,
  channel: RunningChannel,
): void {
  const token = state.redirects.issue(username, channel.id)
  response.writeHead(302, { location: `/play/${token}/${channel.id}.ts`, "content-length": 0 }).end()
}

export function serveRedirected(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
): void {
  const found = state.redirects.resolve(token)
  const channel = found && state.channels.get(found.channel)
  if (!channel) deny(response, 403)
  else serveLive(state, request, response, found.account, channel)
}
