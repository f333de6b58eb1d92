import type { IncomingMessage, ServerResponse } from "node:http"
import { admit, deny } from "./admit.ts"
import { type Answer, answerByFault, sendAnswer } from "./answer.ts"
import { archived, archivedSegment, archivePlaylist, keptPiece } from "./archive.ts"
import { closeWith } from "./live-route.ts"
import type { PastRequest } from "./past-request.ts"
import { accountOf, type ProviderState, type RunningChannel } from "./provider-state.ts"

const streamHeaders = { "content-type": "video/mp2t", "cache-control": "no-cache" }
const playlistHeaders = { "content-type": "application/vnd.apple.mpegurl", "cache-control": "no-cache" }

/** A piece of a channel's past, as fast as it is read; 404 for what is not kept. */
export async function servePast(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  wanted: PastRequest,
): Promise<void> {
  const { username, password, id, form, startUtc } = wanted
  if (!accountOf(state, username, password)) return deny(response, 403)
  const channel = state.channels.get(id)
  const nowSeconds = state.now() / 1000
  const piece = channel && keptPiece(channel, startUtc, wanted.seconds, nowSeconds)
  if (!channel || !piece) return deny(response, 404)
  const seconds = Math.round(piece.endUtc - startUtc)
  const { loop } = channel.full
  const note = () => state.catchup.add({ channel: id, startUtc, seconds, form })
  if (wanted.isPlaylist) {
    const isEnded = state.settings.pastEndlist
    const login = [username, password].map(encodeURIComponent).join("/")
    const url = (sequence: number) => `/fs/${login}/${id}/past/${sequence}.ts`
    const body = Buffer.from(archivePlaylist(loop, piece, url, { isEnded }))
    await sendFile(
      state,
      request,
      response,
      { username, channel },
      { status: 200, headers: playlistHeaders, body },
      note,
    )
    return
  }
  const answer = { status: 200, headers: streamHeaders, body: archived(loop, piece) }
  if (request.method === "HEAD") return await sendAnswer(state, request, response, answer, null)
  const fault = state.faults.take(String(id), username, true)
  if (fault?.kind !== "hang" && answerByFault(response, fault)) return
  const connection = admit(state, response, username, (max) =>
    state.ledger.open({
      ...{ account: username, channel: String(id), kind: "catchup", max },
      userAgent: request.headers["user-agent"] ?? "",
      end: () => response.destroy(),
    }),
  )
  if (!connection) return
  closeWith(state, request, response, connection)
  note()
  if (fault?.kind === "hang") return
  await sendAnswer(state, request, response, answer, fault, (bytes) => {
    connection.bytesSent += bytes
  })
}

/** A segment of a playlist of the past. The account's password has been checked. */
export async function servePastSegment(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  { username, channel, sequence }: { username: string; channel: RunningChannel; sequence: number },
): Promise<void> {
  const body = channel.catchup && archivedSegment(channel.full.loop, sequence, state.now() / 1000)
  if (!body) return deny(response, 404)
  const answer = { status: 200, headers: { "content-type": "video/mp2t" }, body }
  await sendFile(state, request, response, { username, channel }, answer)
}

/** One of the files of a session of HLS, which counts as live ones do. */
async function sendFile(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  { username, channel }: { username: string; channel: RunningChannel },
  answer: Answer,
  onAdmitted: () => void = () => {},
): Promise<void> {
  const fault = state.faults.take(String(channel.id), username, true)
  if (fault?.kind !== "hang" && answerByFault(response, fault)) return
  const connection = admit(state, response, username, (max) =>
    state.sessions.touch({
      ...{ account: username, channel: String(channel.id), max },
      address: request.socket.remoteAddress ?? "",
      userAgent: request.headers["user-agent"] ?? "",
    }),
  )
  if (!connection || fault?.kind === "hang") return
  onAdmitted()
  await sendAnswer(state, request, response, answer, fault, (bytes) => {
    connection.bytesSent += bytes
  })
}
