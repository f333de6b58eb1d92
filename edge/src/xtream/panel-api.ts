import type { Authentication } from "../admission/authenticate.ts"
import type { Credentials } from "../admission/credentials.ts"
import type { Edge } from "../edge.ts"
import { joinBytes } from "../playlist/join-bytes.ts"
import { wholeLines } from "../playlist/whole-lines.ts"
import type { CacheUse } from "../snapshot/pack-reader.ts"
import type { Snapshot } from "../snapshot/snapshot-reader.ts"
import { bodyOf } from "../transfer/body-of.ts"
import { idOfRow, withoutBreak } from "./drop-repeated-rows.ts"
import { allRows, categories } from "./lists.ts"
import { loginAnswer } from "./login-answer.ts"

type Allowed = Extract<Authentication, { ok: true }>

export interface PanelAsked {
  who: Allowed
  login: Credentials
  cache: CacheUse
  /** Unix milliseconds. */
  now: number
}

const encoder = new TextEncoder()
// What the lists' rows do not say, as all of a section's say the same.
const liveMembers = '"live":"1","type_name":"Live Streams","series_no":null,"container_extension":"ts",'
const movieMembers = '"live":"0","type_name":"Movies","series_no":null,'

/**
 * `panel_api.php`, the elder of both: login, categories and all streams in one object, the streams by their ids. Rejects
 * when the store is away.
 */
export async function panelAnswer(
  edge: Edge,
  snapshot: Snapshot | null,
  { who, login, cache, now }: PanelAsked,
): Promise<Response> {
  const start = {
    ...(await loginAnswer(edge, who, login, now)),
    categories: {
      live: categories(snapshot, "live", who),
      movie: categories(snapshot, "movie", who),
      series: categories(snapshot, "series", who),
    },
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield encoder.encode(`${JSON.stringify(start).slice(0, -1)},"available_channels":{`)
    if (snapshot !== null) {
      let between = ""
      for (const [section, members] of [
        ["live", liveMembers],
        ["movie", movieMembers],
      ] as const)
        for await (const rows of byId(allRows(edge, snapshot, section, { who, cache }), members)) {
          yield joinBytes([encoder.encode(between), rows])
          between = ",\n"
        }
    }
    yield encoder.encode("}}")
  }
  const headers = { "content-type": "application/json", "cache-control": "no-store" }
  return new Response(bodyOf(whole()), { headers })
}

/** Rows of a list as members of an object, a batch at a time, with more members in each. */
async function* byId(list: AsyncIterable<Uint8Array>, members: string): AsyncGenerator<Uint8Array> {
  // The ids are ASCII, and Latin-1 is the fastest to decode.
  const decoder = new TextDecoder("latin1")
  for await (const lines of wholeLines(list)) {
    const pieces: Uint8Array[] = []
    for (const line of lines) {
      const row = withoutBreak(line)
      const id = idOfRow.exec(decoder.decode(row))?.[1]
      if (id === undefined) continue
      pieces.push(encoder.encode(`${pieces.length === 0 ? "" : ",\n"}"${id}":{${members}`), row.subarray(1))
    }
    if (pieces.length > 0) yield joinBytes(pieces)
  }
}
