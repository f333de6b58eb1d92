import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { describe, expect, it } from "vitest"
import { groupChannels } from "../publish/group-channels.ts"
import { renderPlaylists } from "../publish/render-playlists.ts"
import { collected } from "../test-inputs.ts"
import { linesOf } from "./lines.ts"
import { parseM3u } from "./parse-m3u.ts"

const folder = fileURLToPath(new URL("../../../../../shared/samples/m3u/", import.meta.url))
const isThere = existsSync(folder)
const files = isThere ? readdirSync(folder).filter((name) => /\.m3u8?$/.test(name)) : []
if (!isThere)
  process.stderr.write("samples.test.ts is skipped: there are no sample playlists beside the checkout\n")

const ordered = (lines: string[]) => lines.toSorted((a, b) => (a < b ? -1 : 1))
const parse = (name: string) =>
  collected(parseM3u(linesOf(createReadStream(folder + name)), { url: base, login: null }))

const base = "http://list.test/l.m3u"
// The one fault of these lists: a closing quote is missing.
const repaired = (line: string) => line.replace('tvg-logo=" height="20"', 'tvg-logo="" height="20"')

/** What a list says, read in the plainest way. */
function plainly(name: string) {
  const lines = readFileSync(folder + name, "utf8")
    .split(/\r?\n/)
    .map((line) => repaired(line.trim()))
  return lines.flatMap((line, at) => {
    if (!line.startsWith("#EXTINF:")) return []
    const address = lines.slice(at + 1).find((next) => next !== "" && !next.startsWith("#"))
    const end = line.lastIndexOf('"')
    return [
      {
        name: line.slice(line.indexOf(",", end) + 1).trim(),
        attributes: [...line.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [
          key,
          value,
        ]),
        address,
      },
    ]
  })
}

describe.skipIf(!isThere)("real playlists", () => {
  it.each(files)("%s: every entry is read with its name, attributes and address", async (file) => {
    const expected = plainly(file)
    expect(expected.length).toBeGreaterThan(10)
    const entries = await parse(file)
    expect(entries.map(({ name, attributes }) => ({ name, attributes }))).toEqual(
      expected.map(({ name, attributes }) => ({ name, attributes })),
    )
    expect(entries.map(({ locator }) => locator.kind === "url" && locator.template)).toEqual(
      expected.map(({ address }) => new URL(address ?? "", base).href),
    )
  })

  it("together give every channel once, with the attributes of its first entry", async () => {
    const sources = await Promise.all(
      files.map(async (file) => ({ source: file, entries: await parse(file) })),
    )
    const first = new Map<string, ReturnType<typeof plainly>[number]>()
    for (const entry of files.flatMap(plainly)) {
      const key = normaliseName(entry.name) || entry.name
      if (!first.has(key)) first.set(key, entry)
    }
    const channels = groupChannels(sources, { groupBy: "name", sortField: "tvg-name", sortDirection: "asc" })
    expect(channels).toHaveLength(first.size)
    expect(new Set(channels.map(({ id }) => id)).size).toBe(first.size)
    const { all } = renderPlaylists(channels)
    const rendered = all.split("\n").filter((line) => line.startsWith("#EXTINF"))
    expect(ordered(rendered)).toEqual(
      ordered(
        [...first.values()].map(
          ({ name, attributes }) =>
            `#EXTINF:-1${attributes.map(([key, value]) => ` ${key}="${value}"`).join("")},${name}`,
        ),
      ),
    )
    expect(channels.reduce((sum, { feeds }) => sum + feeds.length, 0)).toBe(
      new Set(
        files.flatMap((file) =>
          plainly(file).map(({ name, address }) =>
            [file, normaliseName(name) || name, new URL(address ?? "", base).href].join("\n"),
          ),
        ),
      ).size,
    )
  })
})
