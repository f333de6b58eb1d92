import { sha256Hex } from "../secrets/sha256.ts"
import { type SourceConfig, sourceSchema } from "./config-file.ts"

export type SourceListResult = { ok: true; sources: SourceConfig[] } | { ok: false; message: string }

/**
 * Reads `SOURCES`: `URL|MaxConns,URL|MaxConns` (KPTV Proxy's form; a comma inside a URL is kept when no
 * scheme follows it). An Xtream login in the address (`get.php?username=…&password=…`) stays an M3U source
 * whose credentials are known. The id comes from the address, so that it survives a change of order and
 * tells nobody the provider's name.
 */
export async function parseSourceList(text: string): Promise<SourceListResult> {
  const entries = text.split(/,(?=\s*[a-z][a-z0-9+.-]*:\/\/)|,\s*$/i).filter((entry) => entry.trim() !== "")
  const sources: SourceConfig[] = []
  for (const [index, entry] of entries.entries()) {
    const [address = "", maxText] = splitLast(entry.trim(), "|")
    const where = `SOURCES entry ${index + 1}`
    if (!isHttpUrl(address))
      return { ok: false, message: `${where}: "${address}" is not an http:// or https:// URL` }
    if (maxText !== undefined && !/^\d{1,9}$/.test(maxText.trim()))
      return { ok: false, message: `${where}: "${maxText}" is not a number of connections` }
    const id = `s${(await sha256Hex(address)).slice(0, 10)}`
    if (sources.some((source) => source.id === id))
      return { ok: false, message: `${where}: the same URL is named twice` }
    sources.push(
      sourceSchema.parse({
        id,
        name: `Source ${index + 1}`,
        type: "m3u",
        url: address,
        maxStreams: Number(maxText ?? 0) || null,
        order: index + 1,
      }),
    )
  }
  if (sources.length === 0) return { ok: false, message: `SOURCES names no URL: "${text}"` }
  return { ok: true, sources }
}

function splitLast(text: string, mark: string): [string, string?] {
  const at = text.lastIndexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at).trim(), text.slice(at + 1)]
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text)
}
