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

// Kodi's IPTV Simple opens an address to learn its type, unless it is told; HLS it knows by its extension.
const transportStream = "\n#KODIPROP:mimetype=video/mp2t"

/** The addresses in one viewer's playlist. Movies and episodes have Xtream's form, by which players know them. */
export function addressesFor(
  base: string,
  login: Credentials | null,
  { output, profile }: LiveForm,
): Addresses {
  const query = login === null ? "" : `?${new URLSearchParams({ ...login })}`
  const liveParameters = new URLSearchParams({ ...(profile !== null && { profile }), ...login })
  const liveQuery = liveParameters.size === 0 ? "" : `?${liveParameters}`
  const path = login === null ? null : loginPath(login)
  return {
    entries: {
      addressStart: `${base}/stream/`,
      addressEnd: `.${output}${liveQuery}`,
      logoStart: `${base}/logo/`,
      movieStart: path === null ? `${base}/stream/` : `${base}/movie/${path}/`,
      episodeStart: path === null ? `${base}/stream/` : `${base}/series/${path}/`,
      ...pastAddress(base, path),
      attributesEnd: "",
      liveProperties: output === "ts" ? transportStream : "",
    },
    guide: login === null ? `${base}/guide.xml` : `${base}/xmltv.php${query}`,
  }
}

/** A login as two segments of an Xtream address. */
export function loginPath({ username, password }: Credentials): string {
  return `${encodeURIComponent(username)}/${encodeURIComponent(password)}`
}

/** What stands around an id where only Xtream's lists and lineups are filled, which hold no more. */
export const noPlaylistParts = {
  ...{ addressStart: "", addressEnd: "", logoStart: "", movieStart: "", episodeStart: "" },
  ...{ pastStart: "", pastEnd: "", attributesEnd: "", liveProperties: "" },
} satisfies AddressParts

// biome-ignore lint/suspicious/noTemplateCurlyInString: players replace it.
const [pastStarts, pastMinutes] = ["${start}", "{duration:60}"]

/**
 * Xtream's timeshift address as a `catchup-source`, with what players replace: Unix seconds, as Kodi would write dates in
 * its own time zone, and minutes (README of pvr.iptvsimple, "Catchup format specifiers"; its issue 325 has the first from
 * OTT Navigator and Perfect Player).
 */
function pastAddress(base: string, path: string | null): Pick<AddressParts, "pastStart" | "pastEnd"> {
  return path === null
    ? {
        pastStart: `${base}/streaming/timeshift.php?stream=`,
        pastEnd: `&start=${pastStarts}&duration=${pastMinutes}`,
      }
    : { pastStart: `${base}/timeshift/${path}/${pastMinutes}/${pastStarts}/`, pastEnd: ".ts" }
}
