import { errorResponse } from "@tributary/shared/http/errors"
import type { Context } from "hono"
import { authenticate } from "../admission/authenticate.ts"
import { credentialsOf } from "../admission/credentials.ts"
import type { Bindings } from "../bindings.ts"
import { cacheUse } from "../cache-use.ts"
import { edgeOf } from "../edge.ts"
import { answerBytes } from "../transfer/answer-bytes.ts"
import { addressesFor } from "./address-parts.ts"
import { chooseViews, playlistTypes } from "./choose-views.ts"
import { dropRepeats } from "./drop-repeats.ts"
import { fillTemplate } from "./fill-template.ts"
import { liveForm } from "./live-form.ts"

type EdgeContext = Context<{ Bindings: Bindings }>

/** `GET /playlist.m3u8` and `/{group}/playlist.m3u8`: a viewer's playlist, `?type=` for a part of it. */
export function servePlaylist(context: EdgeContext): Promise<Response> {
  return answerPlaylist(context, context.req.query("type"))
}

/** `GET /get.php`: the same in Xtream's form, where `type` is a dialect of M3U. */
export function serveXtreamPlaylist(context: EdgeContext): Promise<Response> {
  return answerPlaylist(context, undefined)
}

async function answerPlaylist(context: EdgeContext, type: string | undefined): Promise<Response> {
  const edge = await edgeOf(context.env)
  const now = Date.now()
  const who = await authenticate(edge, credentialsOf(context.req), now)
  if (!who.ok) return errorResponse(who.code, who.message)
  const live = await liveForm(edge, context.req.query("output"), context.req.query("profile"), now)
  if (!live.ok) return errorResponse(live.code, live.message)
  const types = type === undefined ? playlistTypes : playlistTypes.filter((name) => name === type)
  if (types.length === 0)
    return errorResponse("bad_request", `type is "live", "movie" or "series", not "${type}".`)
  const snapshot = await edge.snapshots.current(now)
  if (snapshot === null)
    return errorResponse("not_ready", "The first import has not finished; try again soon.", 5)
  const { pointer, manifest } = snapshot
  const group = context.req.param("group")
  const chosen = chooseViews(manifest, {
    types,
    allowed: who.groups,
    ...(group === undefined ? {} : { group }),
  })
  if (chosen === "unknown_group") return errorResponse("unknown_group", `There is no group "${group}".`)
  if (chosen === "forbidden") return errorResponse("forbidden", `This viewer may not see "${group}".`)

  const addresses = addressesFor(edge.config.BASE_URL, who.credentials, live.form)
  const head = headLine(manifest.guide.length > 0 ? addresses.guide : null)
  const cache = cacheUse(context, who.settings)
  const entries = () => edge.packs.inOrder(pointer.snapshot, chosen.views, cache)
  return answerBytes(context.req, {
    type: "audio/x-mpegurl; charset=utf-8",
    dependsOn: [pointer.digest, types, group ?? null, who.groups, addresses, head],
    plain: async function* () {
      yield new TextEncoder().encode(head)
      const once = chosen.overlap ? dropRepeats(entries()) : entries()
      yield* fillTemplate(once, addresses.entries)
    },
  })
}

/** Both names of the attribute are in use. */
function headLine(guide: string | null): string {
  return guide === null ? "#EXTM3U\n" : `#EXTM3U x-tvg-url="${guide}" url-tvg="${guide}"\n`
}
