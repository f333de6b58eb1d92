import { dashboardPages } from "@tributary/shared/admin-api/pages"
import { errorResponse } from "@tributary/shared/http/errors"
import { log } from "@tributary/shared/log/log"
import { Hono } from "hono"
import { admin } from "./admin/admin.ts"
import { play, playTimeshift, playTimeshiftQuery, playXtream } from "./admission/play.ts"
import type { Bindings } from "./bindings.ts"
import { serveDashboard } from "./dashboard/serve-dashboard.ts"
import { health } from "./fleet/health.ts"
import { serveGuide, serveGuideFile } from "./guide/serve-guide.ts"
import { hdhr } from "./hdhr/hdhr.ts"
import { serveMetrics } from "./metrics/serve-metrics.ts"
import { logo } from "./playlist/logo.ts"
import { servePlaylist, serveXtreamPlaylist } from "./playlist/serve-playlist.ts"
import { internal } from "./snapshot/receive.ts"
import { StoreBusyError, StoreUnavailableError } from "./store-unavailable.ts"
import { panelApi, playerApi } from "./xtream/player-api.ts"

const logger = log("edge", "app")

/** The edge's route table. HEAD is answered by the GET routes; handlers tell them apart. */
export const app = new Hono<{ Bindings: Bindings }>()

for (const page of dashboardPages) app.get(page, (context) => serveDashboard(context))
app.get("/index.html", (context) => context.redirect("/"))
app.get("/health", health)
app.get("/metrics", serveMetrics)
app.get("/playlist.m3u8", servePlaylist)
app.get("/:group/playlist.m3u8", servePlaylist)
// Before Xtream's short addresses, one of which `/api/channels/{id}` looks like.
app.route("/api", admin)
app.get("/stream/:channel", play)
app.get("/logo/:channel", logo)
app.get("/guide.xml", serveGuide)
app.get("/guide.xml.gz", serveGuideFile)
app.route("/hdhr", hdhr)
app.route("/internal", internal)
app.on(["GET", "POST"], "/player_api.php", playerApi)
app.on(["GET", "POST"], "/panel_api.php", panelApi)
app.get("/get.php", serveXtreamPlaylist)
app.get("/xmltv.php", serveGuide)
// Xtream's own addresses name channels by number only.
const xtreamFile = ":channel{\\d+(?:\\.[A-Za-z0-9]+)?}"
for (const kind of ["live", "movie", "series"])
  app.get(`/${kind}/:username/:password/${xtreamFile}`, playXtream)
app.get(`/timeshift/:username/:password/:minutes/:start/${xtreamFile}`, playTimeshift)
app.get("/streaming/timeshift.php", playTimeshiftQuery)
app.get(`/:username/:password/${xtreamFile}`, playXtream)

app.notFound((context) =>
  isVisit(context.req.raw)
    ? serveDashboard(context, 404)
    : errorResponse("not_found", "There is nothing here."),
)
app.onError((error) => {
  const { cause } = error
  logger.error("request failed", {
    error: error.message,
    cause: cause instanceof Error ? cause.name : null,
  })
  if (error instanceof StoreBusyError)
    return errorResponse("store_unavailable", "Others are changing the same thing: try again.", 1)
  return error instanceof StoreUnavailableError
    ? errorResponse("store_unavailable", "The store does not answer; try again soon.", 5)
    : errorResponse("internal", "Something went wrong here; it was logged.")
})

/** Somebody who opens an address in a browser wants a page that says so. */
const isVisit = (request: Request) =>
  request.method === "GET" && request.headers.get("sec-fetch-mode") === "navigate"
