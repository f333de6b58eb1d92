import type { CatchupForm } from "./catchup-log.ts"
import { momentOf } from "./panel-clock.ts"
import type { Settings } from "./settings.ts"

/** What of the past an address asks for; `seconds` is null for what goes on to the present. */
export type PastRequest = {
  username: string
  password: string
  id: number
  form: CatchupForm
  startUtc: number
  seconds: number | null
  isPlaylist: boolean
}

type Query = Pick<URLSearchParams, "get">

/** Reads an address of the past; null for any other. `parts` are those of the path, decoded. */
export function pastRequest(
  parts: readonly string[],
  query: Query,
  { timeZone, timeshift }: Settings,
): PastRequest | null {
  const [area, username = "", password = "", ...rest] = parts
  const login = { username, password }
  switch (area) {
    case "timeshift":
      return timeshift === "both" || timeshift === "path" ? ofPath(login, rest, timeZone) : null
    case "streaming":
      return parts[1] === "timeshift.php" && (timeshift === "both" || timeshift === "query")
        ? ofScript(query, timeZone)
        : null
    case "live":
      return ofLiveAddress(login, rest, query)
    case "past":
      return ofTemplate(login, rest, timeZone)
    case "fs":
      return ofFlussonic(login, rest)
    default:
      return null
  }
}

type Login = Pick<PastRequest, "username" | "password">

/** `/timeshift/{u}/{p}/{minutes}/{start}/{id}.ts`. */
function ofPath(
  login: Login,
  [minutes = "", start = "", file = ""]: string[],
  timeZone: string,
): PastRequest | null {
  const [, id, extension] = /^(\d+)\.(ts|m3u8)$/.exec(file) ?? []
  return made(login, "path", id, momentOf(start, timeZone), Number(minutes) * 60, extension === "m3u8")
}

function ofScript(query: Query, timeZone: string): PastRequest | null {
  const of = (name: string) => query.get(name) ?? ""
  const login = { username: of("username"), password: of("password") }
  return made(login, "query", of("stream"), momentOf(of("start"), timeZone), Number(of("duration")) * 60)
}

/** `/live/{u}/{p}/{id}.ts?utc=…&lutc=…`, and `?begin=…&length={minutes}`. */
function ofLiveAddress(login: Login, [file = ""]: string[], query: Query): PastRequest | null {
  const id = /^(\d+)\.ts$/.exec(file)?.[1]
  const [utc, begin] = [query.get("utc"), query.get("begin")]
  if (utc !== null) return made(login, "shift", id, Number(utc), null)
  return begin === null ? null : made(login, "append", id, Number(begin), Number(query.get("length")) * 60)
}

/** `/past/{u}/{p}/{id}/{date}/{time}/{seconds}.ts`, by the panel's clock. */
function ofTemplate(
  login: Login,
  [id, date, time, file = ""]: string[],
  timeZone: string,
): PastRequest | null {
  const seconds = /^(\d+)\.ts$/.exec(file)?.[1]
  return made(login, "default", id, momentOf(`${date}:${time}`, timeZone), Number(seconds))
}

/** `/fs/{u}/{p}/{id}/…`: `timeshift_abs-{utc}.ts`, `archive-{utc}-{seconds}.ts`, `index-{utc}-{seconds}.m3u8`. */
function ofFlussonic(login: Login, [id, file = ""]: string[]): PastRequest | null {
  const abs = /^timeshift_abs-(\d+)\.ts$/.exec(file)?.[1]
  if (abs !== undefined) return made(login, "timeshift_abs", id, Number(abs), null)
  const [, name, start, seconds, extension] =
    /^(archive|index|video|mono)-(\d+)-(\d+)\.(ts|m3u8)$/.exec(file) ?? []
  if (extension === "ts" && name !== "archive") return null
  return made(login, "archive", id, Number(start), Number(seconds), extension === "m3u8")
}

function made(
  login: Login,
  form: CatchupForm,
  id: string | undefined,
  startUtc: number | null,
  seconds: number | null,
  isPlaylist = false,
): PastRequest | null {
  const isTime = startUtc !== null && startUtc > 0 && (seconds === null || seconds > 0)
  if (!isTime || !/^\d+$/.test(id ?? "")) return null
  return { ...login, id: Number(id), form, startUtc, seconds, isPlaylist }
}
