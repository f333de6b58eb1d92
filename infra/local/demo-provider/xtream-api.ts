import { accountOf, type ProviderState } from "./provider-state.ts"
import { liveCategories, liveStreams, shortEpg, simpleDataTable } from "./xtream-live.ts"
import { loginAnswer } from "./xtream-login.ts"
import { seriesInfo } from "./xtream-series-info.ts"
import { movieCategories, movieInfo, movies, series, seriesCategories } from "./xtream-vod.ts"

const shortEpgEntries = 4

/** `player_api.php`: always an answer of status 200, as panels give, also to a wrong password. */
export function xtreamAnswer(state: ProviderState, query: URLSearchParams, baseUrl: string): unknown {
  const account = accountOf(state, query.get("username") ?? "", query.get("password") ?? "")
  if (!account) return { user_info: { auth: 0 } }
  const channels = [...state.channels.values()]
  const category = query.get("category_id")
  const channel = state.channels.get(Number(query.get("stream_id")))
  const now = state.now()
  const { timeZone } = state.settings
  switch (query.get("action")) {
    case "get_live_categories":
      return liveCategories(channels)
    case "get_live_streams":
      return liveStreams(channels, baseUrl, category)
    case "get_vod_categories":
      return movieCategories()
    case "get_vod_streams":
      return movies(baseUrl, category)
    case "get_vod_info":
      return movieInfo(baseUrl, Number(query.get("vod_id")), state.movie.seconds)
    case "get_series_categories":
      return seriesCategories()
    case "get_series":
      return series(baseUrl, category)
    case "get_series_info":
      return seriesInfo(baseUrl, Number(query.get("series_id")), state.movie.seconds)
    case "get_short_epg":
      return shortEpg(
        channel,
        Math.max(1, Number(query.get("limit") ?? shortEpgEntries) || shortEpgEntries),
        now,
        timeZone,
      )
    case "get_simple_data_table":
      return simpleDataTable(channel, now, timeZone)
    default:
      state.sessions.sweep()
      return loginAnswer(account, state.ledger.held(account.username), baseUrl, now, state.settings)
  }
}
