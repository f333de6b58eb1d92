import parser from "iptv-playlist-parser"
import { expect, it } from "vitest"
import { parseList, seededRandom } from "../test-inputs.ts"

// It takes a comma in a value for the name's, ends a value at an equals sign before a quote, and knows no
// attribute but those that it has a field for.
const random = seededRandom(20_261_121)
const letters = ["a", "B", "7", " ", "-", ":", "|", "é", "日", "📺", "&", "/", "'", "(", "+"] as const
const word = () =>
  `${random.pick(letters.slice(0, 3) as [string, string])}${random.text(random.below(12), letters)}`.trim()
const id = () => `${random.text(1 + random.below(8), ["a", "b", "7", "."])}`

function entry(number: number) {
  const optional = (value: string) => (random.below(4) === 0 ? "" : value)
  return {
    "tvg-id": optional(id()),
    "tvg-name": optional(word()),
    "tvg-logo": optional(`http://logos.test/${id()}.png`),
    "group-title": optional(word()),
    "tvg-shift": optional(`+${random.below(12)}`),
    name: word(),
    url: `http://cdn.test/${number}/${id()}.ts`,
  }
}

it("a foreign parser reads the same from a list without what it is known to misread", async () => {
  const list = Array.from({ length: 5000 }, (_, number) => entry(number))
  const lines = list.map(({ name, url, ...attributes }) => {
    const texts = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`)
    return `#EXTINF:-1${texts.join("")},${name}\r\n${url}\r\n`
  })
  const text = `#EXTM3U x-tvg-url="http://guide.test/a.xml"\r\n${lines.join("")}`
  const theirs = parser.parse(text).items.map(({ name, url, tvg, group }) => ({
    name,
    url,
    attributes: [tvg.id, tvg.name, tvg.logo, group.title, tvg.shift],
  }))
  const ours = (await parseList(text)).map(({ name, locator, attributes }) => ({
    name,
    url: locator.kind === "url" ? locator.template : null,
    attributes: attributes.map(([, value]) => value),
  }))
  expect(ours).toEqual(theirs)
  expect(ours).toHaveLength(list.length)
})
