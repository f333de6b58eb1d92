import type { Credentials } from "../admission/credentials.ts"
import type { AddressParts } from "./fill-template.ts"

/** Where a viewer's entries, logos and guide are; without a login for those of a public playlist. */
export interface Addresses {
  entries: AddressParts
  guide: string
}

/** As what live channels are linked to. */
export interface LiveForm {
  output: "ts" | "m3u8"
  /** Id of a transcode profile; null: as they come. */
  profile: string | null
}

/** The addresses in one viewer's playlist. Movies and episodes have Xtream's form, by which players know them. */
export function addressesFor(
  base: string,
  login: Credentials | null,
  { output, profile }: LiveForm,
): Addresses {
  const query = login === null ? "" : `?${new URLSearchParams({ ...login })}`
  const liveParameters = new URLSearchParams({ ...(profile !== null && { profile }), ...login })
  const liveQuery = liveParameters.size === 0 ? "" : `?${liveParameters}`
  const path =
    login === null ? null : `${encodeURIComponent(login.username)}/${encodeURIComponent(login.password)}`
  return {
    entries: {
      addressStart: `${base}/stream/`,
      addressEnd: `.${output}${liveQuery}`,
      logoStart: `${base}/logo/`,
      movieStart: path === null ? `${base}/stream/` : `${base}/movie/${path}/`,
      episodeStart: path === null ? `${base}/stream/` : `${base}/series/${path}/`,
    },
    guide: login === null ? `${base}/guide.xml` : `${base}/xmltv.php${query}`,
  }
}
