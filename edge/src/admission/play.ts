import { errorResponse } from "@tributary/shared/http/errors"
import { type Admission, isAdmitted } from "@tributary/shared/lease/admit"
import { refusalResponse } from "@tributary/shared/lease/refusal"
import { log } from "@tributary/shared/log/log"
import { passwordCheck } from "@tributary/shared/secrets/password-check"
import { hmacHex } from "@tributary/shared/secrets/sha256"
import { signTicket, ticketFrom } from "@tributary/shared/ticket"
import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { type Edge, edgeOf } from "../edge.ts"
import type { FoundChannel, SnapshotReader } from "../snapshot/snapshot-reader.ts"
import { admitClick } from "./admit-click.ts"
import { type Credentials, credentialsOf } from "./credentials.ts"

const logger = log("edge", "admission")

type EdgeContext = Context<{ Bindings: Bindings }>

/** `GET|HEAD /stream/{channel}[.ts]`: from a click to a 302, or to an error that says why not. */
export function play(context: EdgeContext): Promise<Response> {
  return playChannel(context, context.req.param("channel") ?? "", credentialsOf(context.req))
}

/** `/{live,movie,series}/{username}/{password}/{id}.{ext}` and `/{username}/{password}/{id}`: Xtream's form. */
export function playXtream(context: EdgeContext): Promise<Response> {
  const { username = "", password = "", channel = "" } = context.req.param() as Record<string, string>
  return playChannel(context, channel, { username, password })
}

async function playChannel(
  context: EdgeContext,
  text: string,
  credentials: Credentials | null,
): Promise<Response> {
  const edge = await edgeOf(context.env)
  const { found, extension } = await findRequested(edge.snapshots, text)
  if (found === null && (await edge.snapshots.pointer(Date.now())) === null)
    return errorResponse("not_ready", "The first import has not finished; try again soon.", 5)
  if (found === null) return errorResponse("unknown_channel", `There is no channel "${text}".`)
  if (found.channel.kind !== undefined)
    return errorResponse(
      "unsupported_output",
      "Movies and series are listed; playing them comes with a later version.",
    )
  if (extension !== null && extension !== "ts")
    return errorResponse("unsupported_output", "This channel is served as MPEG-TS: ask for .ts instead.")
  const address = context.req.header("cf-connecting-ip") ?? ""
  const request = {
    lease: crypto.randomUUID(),
    session: crypto.randomUUID(),
    viewer: credentials && {
      username: credentials.username,
      check: await passwordCheck(edge.keys, credentials.username, credentials.password),
    },
    address: await addressDigest(edge, address),
    addressKnown: address !== "",
    channelId: found.id,
    channel: found.channel,
    region: regionOf(context.req.raw),
    dry: context.req.method === "HEAD",
  }
  const admission = await admitClick(edge.run, request, (milliseconds) => scheduler.wait(milliseconds))
  logger.info("admission {code}", {
    code: admission.code,
    channel: found.id,
    viewer: credentials?.username ?? null,
    lease: "lease" in admission ? admission.lease : null,
    streamer: "streamer" in admission ? admission.streamer : null,
    relay: "relay" in admission ? admission.relay : null,
    // Why accounts were passed over: full, expired, an address that cannot be made for them, …
    skipped: "skipped" in admission ? admission.skipped : [],
  })
  return answer(edge, admission, found.id, request.dry)
}

async function answer(edge: Edge, admission: Admission, channel: string, isDry: boolean): Promise<Response> {
  if (!isAdmitted(admission)) return refusalResponse(admission)
  const decided = ticketFrom(admission, channel)
  // What a HEAD is told has not happened: who plays its address all the same is admitted then.
  const ticket = await signTicket(
    edge.keys,
    isDry ? { ...decided, lease: "", yielded: null, ends: [], at: 0 } : decided,
    Math.floor(Date.now() / 1000),
  )
  return new Response(null, {
    status: 302,
    headers: { location: `${admission.address}/live/${ticket}.ts`, "cache-control": "no-store" },
  })
}

interface Requested {
  found: FoundChannel | null
  extension: string | null
}

// Files (`.mkv`, `.mp4`, …) are asked for by id only: a name may end in anything.
const withExtension = /^(.+)\.(ts|m3u8)$|^(\d+)\.([a-z][a-z0-9]{1,4})$/i

/** What looks like an extension is one, unless only a channel of the whole name exists ("Clips.ts"). */
async function findRequested(snapshots: SnapshotReader, text: string): Promise<Requested> {
  const match = withExtension.exec(text)
  const name = match?.[1] ?? match?.[3]
  const extension = match?.[2] ?? match?.[4]
  if (name !== undefined && extension !== undefined) {
    const found = await snapshots.findChannel(name, Date.now())
    if (found !== null) return { found, extension: extension.toLowerCase() }
  }
  return { found: await snapshots.findChannel(text, Date.now()), extension: null }
}

/** A viewer's address is only compared, so only a keyed digest of it is kept. */
async function addressDigest(edge: Edge, address: string): Promise<string> {
  return (await hmacHex(edge.keys.passwords, address)).slice(0, 12)
}

/** The continent of a request (`cf.continent`): streamers register with the same two letters. */
function regionOf(request: Request): string {
  return request.cf?.continent?.toString() ?? ""
}
