import type { IncomingMessage, ServerResponse } from "node:http"
import { deny } from "./admit.ts"
import { sendAnswer } from "./answer.ts"
import type { Control } from "./control.ts"
import { serveControl } from "./control-route.ts"
import { type HlsRequest, serveHls } from "./hls-route.ts"
import { redirectLive, serveLive, serveRedirected } from "./live-route.ts"
import { logo } from "./logo.ts"
import { accountM3u, freeM3u } from "./m3u.ts"
import { serveMovie } from "./movie-route.ts"
import { pastRequest } from "./past-request.ts"
import { servePast, servePastSegment } from "./past-route.ts"
import { accountOf, type ProviderState } from "./provider-state.ts"
import { readBody } from "./read-body.ts"
import { hasFile, titleOf } from "./titles.ts"
import { xmltv } from "./xmltv.ts"
import { xtreamAnswer } from "./xtream-api.ts"

/** The route table: first the pattern that fits. */
export async function route(
  state: ProviderState,
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`)
  const path = url.pathname
  const parts = decodedParts(path)
  if (!parts) return deny(response, 400)
  if (parts[0] === "control") return await serveControl(control, request, response, path)
  if (path === "/player_api.php" || path === "/get.php" || path === "/xmltv.php" || path === "/playlist.m3u")
    return await serveText(state, request, response, url)
  const free = /^\/free\/(\d+)\.ts$/.exec(path)
  const freeChannel = free && state.channels.get(Number(free[1]))
  if (freeChannel) return serveLive(state, request, response, "", freeChannel)
  if (parts[0] === "play" && parts[1]) return serveRedirected(state, request, response, parts[1])
  const picture = /^\/logo\/(\d+)\.svg$/.exec(path)
  if (picture) {
    const id = Number(picture[1])
    const name = state.channels.get(id)?.name ?? titleOf(id)
    response.writeHead(200, { "content-type": "image/svg+xml" }).end(logo(id, name))
    return
  }
  const past = pastRequest(parts, url.searchParams, state.settings)
  if (past) return await servePast(state, request, response, past)
  if (parts[0] === "fs") return await serveFlussonic(state, request, response, parts)
  return await serveStream(state, request, response, parts, url.searchParams.get("token"))
}

/** Null when the path is not valid percent-encoding. */
function decodedParts(path: string): string[] | null {
  try {
    return path.split("/").slice(1).map(decodeURIComponent)
  } catch {
    return null
  }
}

/** `/fs/{u}/{p}/{id}/…`: a channel as Flussonic has it, live and the segments of its past. */
async function serveFlussonic(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  [, username = "", password = "", id, ...file]: string[],
): Promise<void> {
  if (!accountOf(state, username, password)) return deny(response, 403)
  const channel = state.channels.get(Number(id))
  if (!channel) return deny(response, 404)
  const sequence = /^past\/(\d+)\.ts$/.exec(file.join("/"))?.[1]
  if (sequence !== undefined)
    return await servePastSegment(state, request, response, { username, channel, sequence: Number(sequence) })
  if (file.join("/") === "mpegts") return serveLive(state, request, response, username, channel)
  if (file.join("/") !== "index.m3u8") return deny(response, 404)
  const hls = { username, password, channel, token: null, file: { kind: "playlist" } } as const
  await serveHls(state, request, response, { ...hls, playlist: "live" })
}

/** Addresses with credentials in the path. */
async function serveStream(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  parts: string[],
  token: string | null,
): Promise<void> {
  const named = parts[0] === "live" || parts[0] === "hls" || parts[0] === "movie" || parts[0] === "series"
  const [username = "", password = "", ...rest] = named ? parts.slice(1) : parts
  const kind = named ? parts[0] : "live"
  const match = /^(\d+)(?:\.([a-z0-9]+))?$/.exec(rest[0] ?? "")
  if (!match) return deny(response, 404)
  if (!accountOf(state, username, password)) return deny(response, 403)
  const id = Number(match[1])
  const extension = match[2]
  if (kind === "movie" || kind === "series") {
    if (!hasFile(kind, id) || (extension !== "mp4" && extension !== "mkv")) return deny(response, 404)
    return await serveMovie(state, request, response, username, id, extension)
  }
  const channel = state.channels.get(id)
  if (!channel) return deny(response, 404)
  const hls = { username, password, channel, token }
  const playlistFile = { kind: "playlist" } as const
  if (kind === "hls") {
    const playlist = rest[1]
    const file = hlsFile(rest[2] ?? "")
    if ((playlist !== "full" && playlist !== "low") || !file) return deny(response, 404)
    return await serveHls(state, request, response, { ...hls, playlist, file })
  }
  if (rest[1] === "master.m3u8" && extension === undefined)
    return await serveHls(state, request, response, { ...hls, playlist: "master", file: playlistFile })
  if (rest.length > 1) return deny(response, 404)
  if (extension === "m3u8")
    return await serveHls(state, request, response, { ...hls, playlist: "live", file: playlistFile })
  if (extension !== undefined && extension !== "ts") return deny(response, 404)
  if (state.settings.redirect) return redirectLive(state, response, username, channel)
  serveLive(state, request, response, username, channel)
}

function hlsFile(name: string): HlsRequest["file"] | null {
  if (name === "index.m3u8") return { kind: "playlist" }
  const [, number, extension] = /^(\d+)\.(ts|key)$/.exec(name) ?? []
  if (number === undefined) return null
  return extension === "ts"
    ? { kind: "segment", sequence: Number(number) }
    : { kind: "key", number: Number(number) }
}

async function serveText(
  state: ProviderState,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const query = url.searchParams
  if (request.method === "POST")
    for (const [name, value] of new URLSearchParams(await readBody(request))) query.set(name, value)
  const username = query.get("username") ?? ""
  const channels = [...state.channels.values()]
  const send = async (target: string, type: string, text: string) => {
    const fault = state.faults.take(target, username, false)
    const answer = { status: 200, headers: { "content-type": type }, body: Buffer.from(text) }
    await sendAnswer(state, request, response, answer, fault)
  }
  if (url.pathname === "/player_api.php")
    return await send("api", "application/json", JSON.stringify(xtreamAnswer(state, query, url.origin)))
  if (url.pathname === "/playlist.m3u")
    return await send("m3u", "audio/x-mpegurl", freeM3u(channels, url.origin))
  const guide = url.pathname === "/xmltv.php"
  const account = accountOf(state, username, query.get("password") ?? "")
  // The guide is open without credentials, for the list that has none; wrong ones are refused.
  if (!account && !(guide && username === "")) return deny(response, 403)
  if (guide) return await send("xmltv", "application/xml", xmltv(channels, url.origin, state.now()))
  const text = accountM3u(channels, url.origin, {
    username,
    password: query.get("password") ?? "",
    output: query.get("output") === "m3u8" || query.get("output") === "hls" ? "m3u8" : "ts",
    plus: query.get("type") !== "m3u",
  })
  await send("m3u", "audio/x-mpegurl", text)
}
