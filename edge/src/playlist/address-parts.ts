import type { Credentials } from "../admission/credentials.ts"
import type { AddressParts } from "./fill-template.ts"

/** Where a viewer's entries, logos and guide are; without a login for those of a public playlist. */
export interface Addresses {
  entries: AddressParts
  guide: string
}

/** The addresses in one viewer's playlist. Movies and episodes have Xtream's form, by which players know them. */
export function addressesFor(base: string, login: Credentials | null, output: "ts" | "m3u8"): Addresses {
  const query = login === null ? "" : `?${new URLSearchParams({ ...login })}`
  const path =
    login === null ? null : `${encodeURIComponent(login.username)}/${encodeURIComponent(login.password)}`
  return {
    entries: {
      addressStart: `${base}/stream/`,
      addressEnd: `.${output}${query}`,
      logoStart: `${base}/logo/`,
      movieStart: path === null ? `${base}/stream/` : `${base}/movie/${path}/`,
      episodeStart: path === null ? `${base}/stream/` : `${base}/series/${path}/`,
    },
    guide: login === null ? `${base}/guide.xml` : `${base}/xmltv.php${query}`,
  }
}
