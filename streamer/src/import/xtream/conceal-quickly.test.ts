import type { Entry } from "@tributary/shared/catalogue/entry"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concealProvider } from "../catalogue/conceal-provider.ts"
import { namesProvider, type Provider } from "../catalogue/url-template.ts"
import { concealmentOf } from "./conceal-quickly.ts"

fc.configureGlobal({ seed: 20_261_121 })

const provider: Provider = { url: "http://Panel.test:8080/", login: { username: "ann", password: "s3cret" } }
const conceal = concealmentOf(provider)

const entry = (more: Partial<Entry>): Entry => ({
  kind: "movie",
  name: "One",
  attributes: [],
  groups: [],
  locator: { kind: "xtream", type: "movie", streamId: "7", extension: "mp4" },
  ...more,
})

const part = fc.constantFrom(
  ..."/ . .. ? & = # : @ % %2e a é ann s3cret s%33cret {server} {password} .png username password panel.test Panel.test 8080".split(
    " ",
  ),
)
const address = fc
  .tuple(
    fc.constantFrom(
      "http://panel.test:8080/",
      "http://panel.test/",
      "http://cdn.test/",
      "HTTP://PANEL.test:8080/",
      "",
    ),
    fc.array(part, { maxLength: 8 }),
  )
  .map(([start, parts]) => start + parts.join(""))

describe("concealing many entries", () => {
  it("does to attributes what concealing each with care does", () => {
    fc.assert(
      fc.property(address, address, address, (id, logo, group) => {
        const attributes = (): [string, string][] => [
          ["tvg-id", id],
          ["tvg-logo", logo],
          ["group-title", group],
        ]
        const careful = concealProvider(entry({ attributes: attributes() }), provider)
        expect(conceal(entry({ attributes: attributes() }))).toEqual(careful)
      }),
      { numRuns: 5000 },
    )
  })

  it("leaves no address of details that names the provider", () => {
    fc.assert(
      fc.property(address, address, (backdrop, trailer) => {
        const { details } = conceal(entry({ details: { backdrop, trailer } }))
        for (const text of Object.values(details ?? {}))
          expect(namesProvider(String(text), provider)).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it("drops a backdrop or trailer on the provider's server, and no other", () => {
    const shown = (text: string) =>
      conceal(entry({ details: { backdrop: text, trailer: text, plot: "panel.test" } }))
    for (const own of ["http://panel.test:8080/b/1.jpg", "http://cdn.test/ann/s3cret/b.jpg"])
      expect(shown(own).details).toEqual({ plot: "panel.test" })
    for (const other of ["k2qgYK1CrkQ", "https://youtu.be/k2qgYK1CrkQ", "https://pictures.test/a%20b.jpg"])
      expect(shown(other).details).toEqual({ backdrop: other, trailer: other, plot: "panel.test" })
  })

  it("hides nothing of an open list", () => {
    const open = concealmentOf({ ...provider, login: null })
    const given = entry({ attributes: [["tvg-logo", "http://panel.test:8080/1.png"]] })
    expect(open(structuredClone(given))).toEqual(given)
  })
})
