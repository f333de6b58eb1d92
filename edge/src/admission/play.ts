import { waitUntil } from "cloudflare:workers"
import { errorResponse } from "@tributary/shared/http/errors"
import { type Admission, isAdmitted, pastOf } from "@tributary/shared/lease/admit"
import { refusalResponse } from "@tributary/shared/lease/refusal"
import { log } from "@tributary/shared/log/log"
import { passwordCheck } from "@tributary/shared/secrets/password-check"
import { hmacHex } from "@tributary/shared/secrets/sha256"
import { signTicket, ticketFrom, type Wanted } from "@tributary/shared/ticket"
import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { type Edge, edgeOf } from "../edge.ts"
import { startFirst } from "../fleet/scale/start-first.ts"
import { wishAtHome } from "../fleet/scale/wish-at-home.ts"
import { findTranscodeProfile } from "../transcode-profiles.ts"
import { redirect } from "../transfer/redirect.ts"
import { admitClick } from "./admit-click.ts"
import { type AnswerKind, answerKind } from "./answer-kind.ts"
import { type Credentials, credentialsOf } from "./credentials.ts"
import { findRequested, type Playable } from "./find-requested.ts"
import { type PastAsked, readPastAsked } from "./past-asked.ts"
import { playerScheme } from "./player-scheme.ts"

const logger = log("edge", "admission")

type EdgeContext = Pick<Context<{ Bindings: Bindings }>, "env" | "req">

interface Click {
  /** A channel's id or name, with an extension or without. */
  text: string
  credentials: Credentials | null
  past: PastAsked | null
  /** The admin looks at it in the dashboard, who needs no viewer. */
  isAdmin?: true
}

/** `GET|HEAD /stream/{channel}[.ts|.m3u8]`: from a click to a 302, or to an error that says why not. */
export function play(context: EdgeContext): Promise<Response> {
  const text = context.req.param("channel") ?? ""
  return playClick(context, { text, credentials: credentialsOf(context.req), past: null })
}

/** `/{live,movie,series}/{username}/{password}/{id}.{ext}` and `/{username}/{password}/{id}`: Xtream's form. */
export function playXtream(context: EdgeContext): Promise<Response> {
  const { username = "", password = "", channel = "" } = context.req.param() as Record<string, string>
  return playClick(context, { text: channel, credentials: { username, password }, past: null })
}

/** `/timeshift/{username}/{password}/{minutes}/{start}/{id}.{ext}`: a channel's past, in Xtream's form. */
export function playTimeshift(context: EdgeContext): Promise<Response> {
  const {
    username = "",
    password = "",
    minutes = "",
    start = "",
    channel = "",
  } = context.req.param() as Record<string, string>
  return playPast(context, { text: channel, credentials: { username, password } }, start, minutes)
}

/** `/streaming/timeshift.php?username=&password=&stream=&start=&duration=`: the same, as other clients ask. */
export function playTimeshiftQuery(context: EdgeContext): Promise<Response> {
  const { stream = "", start = "", duration = "" } = context.req.query()
  return playPast(context, { text: stream, credentials: credentialsOf(context.req) }, start, duration)
}

/** A click of the admin in the dashboard: as any viewer's, but nobody has to log in. */
export function playForAdmin(context: EdgeContext, text: string): Promise<Response> {
  return answerClick(context, { text, credentials: null, past: null, isAdmin: true })
}

async function playPast(
  context: EdgeContext,
  click: Omit<Click, "past">,
  start: string,
  minutes: string,
): Promise<Response> {
  const read = readPastAsked(start, minutes)
  if (read.ok) return await playClick(context, { ...click, past: read.past })
  return errorResponse("bad_request", read.message)
}

/** Players in pages of any origin may read what comes: who may watch is told by the credentials in the address. */
async function playClick(context: EdgeContext, click: Click): Promise<Response> {
  const response = await answerClick(context, click)
  response.headers.set("access-control-allow-origin", "*")
  return response
}

async function answerClick(context: EdgeContext, click: Click): Promise<Response> {
  const edge = await edgeOf(context.env)
  const { text, credentials, past } = click
  const profile = context.req.query("profile") ?? null
  const [{ found, extension }, transcode] = await Promise.all([
    findRequested(edge, text),
    profile === null ? null : findTranscodeProfile(edge, profile),
  ])
  if (found === null && (await edge.snapshots.pointer(Date.now())) === null)
    return errorResponse("not_ready", "The first import has not finished; try again soon.", 5)
  if (found === null) return errorResponse("unknown_channel", `There is no channel "${text}".`)
  if (profile !== null && transcode === null)
    return errorResponse("unknown_profile", `There is no transcode profile "${profile}".`)
  const now = Math.floor(Date.now() / 1000)
  const kind = answerKind({ channel: found.channel, extension, transcode, past, now })
  if (!kind.ok) return errorResponse(kind.code, kind.message)
  const address = context.req.header("cf-connecting-ip") ?? ""
  const wanted = { transcode: transcode?.id ?? null, catchup: past }
  const isDry = context.req.method === "HEAD"
  const request = {
    lease: crypto.randomUUID(),
    ...(await sessionOf(edge, found, { credentials, address, isPast: past !== null })),
    viewer: credentials && {
      username: credentials.username,
      check: await passwordCheck(edge.keys, credentials.username, credentials.password),
    },
    address: await addressDigest(edge, address),
    addressKnown: address !== "",
    channel: { ...found.channel, feeds: kind.feeds },
    region: regionOf(context.req.raw),
    scheme: playerScheme(new URL(context.req.url), new URL(edge.config.BASE_URL)),
    admin: click.isAdmin ?? false,
    dry: isDry,
  }
  const admission = await admitClick(edge.run, request, (milliseconds) => scheduler.wait(milliseconds))
  logger.info("admission {code}", {
    code: admission.code,
    channel: found.id,
    ...wanted,
    viewer: credentials?.username ?? null,
    lease: "lease" in admission ? admission.lease : null,
    streamer: "streamer" in admission ? admission.streamer : null,
    relay: "relay" in admission ? admission.relay : null,
    // Why accounts were passed over: full, expired, an address that cannot be made for them, …
    skipped: "skipped" in admission ? admission.skipped : [],
  })
  const starting = isDry ? null : await askFleet(edge, admission, request.region)
  return starting ?? answer(edge, admission, { id: found.id, wanted, kind, isDry })
}

/** Has a streamer started where none is; gives the answer of who has to wait for it. */
async function askFleet(edge: Edge, admission: Admission, continent: string): Promise<Response | null> {
  if (isAdmitted(admission)) waitUntil(wishAtHome(edge, continent, Date.now()))
  const isEmpty = admission.code === "no_streamer" && admission.scheme === undefined
  return isEmpty ? await startFirst(edge, continent, waitUntil) : null
}

interface Answered {
  /** Of the channel. */
  id: string
  wanted: Wanted
  kind: Extract<AnswerKind, { ok: true }>
  isDry: boolean
}

async function answer(edge: Edge, admission: Admission, asked: Answered): Promise<Response> {
  if (!isAdmitted(admission)) return refusalResponse(admission)
  const { id, wanted, kind, isDry } = asked
  const decided = ticketFrom(admission, id, wanted)
  // What a HEAD is told has not happened: who plays its address all the same is admitted then.
  const ticket = await signTicket(
    edge.keys,
    isDry ? { ...decided, lease: "", yielded: null, ends: [], at: 0 } : decided,
    Math.floor(Date.now() / 1000),
  )
  const location = `${admission.address}/${kind.folder}/${ticket}.${kind.extension}`
  return redirect(location, "no-store")
}

/** What is not shared is one session, however many requests a player makes of it: it is named for whose it is. */
async function sessionOf(
  edge: Edge,
  { id, channel }: Playable,
  who: { credentials: Credentials | null; address: string; isPast: boolean },
): Promise<{ session: string; channelId: string; owner?: string }> {
  if (channel.kind === undefined && !who.isPast) return { session: crypto.randomUUID(), channelId: id }
  const viewer = JSON.stringify([who.credentials?.username ?? null, who.address])
  const owner = (await hmacHex(edge.keys.passwords, viewer)).slice(0, 16)
  return { session: owner, channelId: who.isPast ? pastOf(id) : id, owner }
}

/** A viewer's address is only compared, so only a keyed digest of it is kept. */
async function addressDigest(edge: Edge, address: string): Promise<string> {
  return (await hmacHex(edge.keys.passwords, address)).slice(0, 12)
}

/** The continent of a request (`cf.continent`): streamers register with the same two letters. */
function regionOf(request: Request): string {
  return request.cf?.continent?.toString() ?? ""
}
