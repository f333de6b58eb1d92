import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { readList } from "../test-inputs.ts"

const folder = fileURLToPath(new URL("../../../../../shared/samples/m3u/", import.meta.url))
const isThere = existsSync(folder)
const files = isThere ? readdirSync(folder).filter((name) => /\.m3u8?$/.test(name)) : []
if (!isThere)
  process.stderr.write("samples.test.ts is skipped: there are no sample playlists beside the checkout\n")

const parse = (name: string) =>
  readList({ pieces: createReadStream(folder + name), provider: { url: base, login: null } })

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
    const { entries, found } = await parse(file)
    expect(found).toBe(expected.length)
    expect(entries.map(({ name, attributes }) => ({ name, attributes }))).toEqual(
      expected.map(({ name, attributes }) => ({ name, attributes })),
    )
    expect(entries.map(({ locator }) => locator.kind === "url" && locator.template)).toEqual(
      expected.map(({ address }) => new URL(address ?? "", base).href),
    )
  })
})
