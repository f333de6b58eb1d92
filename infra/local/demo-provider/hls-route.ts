import type { IncomingMessage, ServerResponse } from "node:http"
import { admit, deny } from "./admit.ts"
import { type Answer, answerByFault, sendAnswer } from "./answer.ts"
import { lowVariant } from "./channels.ts"
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
  /** A segment of that playlist, or null for the playlist itself. */
  sequence: number | null
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
  const answer = answerOf(state, wanted)
  if (!answer) return deny(response, 404)
  await sendAnswer(state, request, response, answer, fault, (bytes) => {
    connection.bytesSent += bytes
  })
}

function answerOf(
  state: ProviderState,
  { username, password, channel, playlist, sequence }: HlsRequest,
): Answer | null {
  const live = playlist === "low" ? channel.low : channel.full
  const base = `/hls/${encodeURIComponent(username)}/${encodeURIComponent(password)}/${channel.id}`
  if (sequence !== null) {
    const bytes = segment(live.loop, position(state, live), state.settings.hlsWindow, sequence)
    return bytes && { status: 200, headers: { "content-type": "video/mp2t" }, body: bytes }
  }
  const name = playlist === "low" ? "low" : "full"
  const text =
    playlist === "master"
      ? masterPlaylist([
          { ...look(channel, "full"), url: `${base}/full/index.m3u8` },
          { ...look(channel, "low"), url: `${base}/low/index.m3u8` },
        ])
      : mediaPlaylist(
          live.loop,
          position(state, live),
          state.settings.hlsWindow,
          (n) => `${base}/${name}/${n}.ts`,
        )
  const headers = { "content-type": "application/vnd.apple.mpegurl", "cache-control": "no-cache" }
  return { status: 200, headers, body: Buffer.from(text) }
}

function look(channel: RunningChannel, variant: "full" | "low") {
  const { width, height, picture } = variant === "full" ? channel.recipe : lowVariant(channel.recipe)
  return { bitsPerSecond: bitsPerSecond(channel[variant]), width, height, picture: picture !== null }
}
