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
import { dropAttributes } from "./drop-attributes.ts"
import { dropRepeats } from "./drop-repeats.ts"
import { fillTemplate } from "./fill-template.ts"
import { liveForm } from "./live-form.ts"

type EdgeContext = Context<{ Bindings: Bindings }>

/** `GET /playlist.m3u8` and `/{group}/playlist.m3u8`: a viewer's playlist, `?type=` for a part of it. */
export function servePlaylist(context: EdgeContext): Promise<Response> {
  const { type, output } = context.req.query()
  return answerPlaylist(context, { type, output, dialect: "m3u_plus" })
}

/** `GET /get.php`: the same in Xtream's form, where `type` is a dialect of M3U. */
export function serveXtreamPlaylist(context: EdgeContext): Promise<Response> {
  const { type, output = "" } = context.req.query()
  return answerPlaylist(context, {
    type: undefined,
    output: xtreamOutputs.get(output),
    dialect: type === "m3u" ? "m3u" : "m3u_plus",
  })
}

// Panels know more names; any other output, such as `rtmp`, is given as MPEG-TS.
const xtreamOutputs = new Map([
  ["ts", "ts"],
  ["mpegts", "ts"],
  ["hls", "m3u8"],
  ["m3u8", "m3u8"],
])

interface PlaylistAsked {
  /** Of entries; undefined: all. */
  type: string | undefined
  output: string | undefined
  /** `m3u` is without attributes. */
  dialect: "m3u" | "m3u_plus"
}

async function answerPlaylist(
  context: EdgeContext,
  { type, output, dialect }: PlaylistAsked,
): Promise<Response> {
  const edge = await edgeOf(context.env)
  const now = Date.now()
  const who = await authenticate(edge, credentialsOf(context.req), now)
  if (!who.ok) return errorResponse(who.code, who.message)
  const live = await liveForm(edge, output, context.req.query("profile"), now)
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
  const isPlain = dialect === "m3u"
  const parts = isPlain ? { ...addresses.entries, liveProperties: "" } : addresses.entries
  const head = headLine(isPlain || manifest.guide.length === 0 ? null : addresses.guide)
  const cache = cacheUse(context, who.settings)
  const entries = () => edge.packs.inOrder(pointer.snapshot, chosen.views, cache)
  return answerBytes(context.req, {
    // Without a charset: mpv 0.35 compares the whole of it. Extended M3U is UTF-8 (RFC 8216 4).
    type: "audio/x-mpegurl",
    dependsOn: [pointer.digest, types, group ?? null, who.groups, dialect, parts, head],
    plain: async function* () {
      yield new TextEncoder().encode(head)
      const once = chosen.overlap ? dropRepeats(entries()) : entries()
      yield* fillTemplate(isPlain ? dropAttributes(once) : once, parts)
    },
  })
}

/** Both names of the attribute are in use. */
function headLine(guide: string | null): string {
  return guide === null ? "#EXTM3U\n" : `#EXTM3U x-tvg-url="${guide}" url-tvg="${guide}"\n`
}
