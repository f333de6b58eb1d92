import type { IncomingMessage, ServerResponse } from "node:http"
import { admit, deny } from "./admit.ts"
import { type Answer, answerByFault, sendAnswer } from "./answer.ts"
import { lowVariant } from "./channels.ts"
import { encrypted, keyOf, movedIterations, playlistTags } from "./hls-look.ts"
import { masterPlaylist, mediaPlaylist, segment } from "./hls-playlist.ts"
import type { LiveChannel } from "./live-channel.ts"
import type { ProviderState, RunningChannel } from "./provider-state.ts"
import { positionAt } from "./replay.ts"

export type HlsRequest = {
  username: string
  password: string
  channel: RunningChannel
  /** `live` is the one playlist most players ask for, the others are the variants of the master playlist. */
  playlist: "live" | "master" | "full" | "low"
  /** A segment or a key of that playlist, or the playlist itself. */
  file: { kind: "playlist" } | { kind: "segment"; sequence: number } | { kind: "key"; number: number }
  /** Of the query. */
  token: string | null
}

const position = (state: ProviderState, live: LiveChannel) => positionAt(live.loop, state.now() / 1000)
const bitsPerSecond = (live: LiveChannel) => Math.ceil((live.loop.bytes.length * 8) / live.loop.seconds)

/** Playlists and segments; each request keeps the session's slot. The account's password has been checked. */
export async function serveHls(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  wanted: HlsRequest,
): Promise<void> {
  const channel = String(wanted.channel.id)
  const fault = state.faults.take(channel, wanted.username, true)
  if (fault?.kind !== "hang" && answerByFault(response, fault)) return
  const connection = admit(state, response, wanted.username, (max) =>
    state.sessions.touch({
      account: wanted.username,
      address: request.socket.remoteAddress ?? "",
      channel,
      userAgent: request.headers["user-agent"] ?? "",
      max,
    }),
  )
  if (!connection || fault?.kind === "hang") return
  if (!isAllowed(state, wanted)) return deny(response, 403)
  const answer = answerOf(state, wanted)
  if (!answer) return deny(response, 404)
  await sendAnswer(state, request, response, answer, fault, (bytes) => {
    connection.bytesSent += bytes
  })
}

/** The address that an account is given needs no token; those that are in a playlist do. */
function isAllowed({ settings, hlsTokens }: ProviderState, { playlist, token }: HlsRequest): boolean {
  const isPublic = playlist === "live" || playlist === "master"
  return settings.hlsTokenSeconds === 0 || isPublic || (token !== null && hlsTokens.isGood(token))
}

function answerOf(state: ProviderState, wanted: HlsRequest): Answer | null {
  const { settings } = state
  const { channel, playlist, file } = wanted
  const live = playlist === "low" ? channel.low : channel.full
  const variant = playlist === "low" ? "low" : "full"
  if (file.kind === "playlist") {
    const headers = { "content-type": "application/vnd.apple.mpegurl", "cache-control": "no-cache" }
    return { status: 200, headers, body: Buffer.from(playlistOf(state, wanted)) }
  }
  if (file.kind === "key") {
    state.hlsTally.count(`${channel.id}/${variant}/${file.number}.key`)
    const headers = { "content-type": "application/octet-stream" }
    return { status: 200, headers, body: keyOf(channel.id, file.number) }
  }
  const { sequence } = file
  const moved = movedIterations(settings, sequence)
  const bytes = segment(live.loop, position(state, live), settings.hlsWindow, sequence, moved)
  if (bytes === null) return null
  state.hlsTally.count(`${channel.id}/${variant}/${sequence}.ts`)
  const body = encrypted(settings, channel.id, sequence, bytes)
  return { status: 200, headers: { "content-type": "video/mp2t" }, body }
}

function playlistOf(state: ProviderState, { username, password, channel, playlist }: HlsRequest): string {
  const { settings, hlsTokens } = state
  const base = `/hls/${encodeURIComponent(username)}/${encodeURIComponent(password)}/${channel.id}`
  const seconds = settings.hlsTokenSeconds
  const query = seconds === 0 ? "" : `?token=${hlsTokens.issue(seconds)}`
  if (playlist === "master")
    return masterPlaylist([
      { ...look(channel, "full"), url: `${base}/full/index.m3u8${query}` },
      { ...look(channel, "low"), url: `${base}/low/index.m3u8${query}` },
    ])
  const live = playlist === "low" ? channel.low : channel.full
  const folder = `${base}/${playlist === "low" ? "low" : "full"}`
  return mediaPlaylist(
    live.loop,
    position(state, live),
    settings.hlsWindow,
    (n) => `${folder}/${n}.ts${query}`,
    playlistTags(settings, (n) => `${folder}/${n}.key${query}`),
  )
}

function look(channel: RunningChannel, variant: "full" | "low") {
  const { width, height, picture } = variant === "full" ? channel.recipe : lowVariant(channel.recipe)
  return { bitsPerSecond: bitsPerSecond(channel[variant]), width, height, picture: picture !== null }
}
