import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import type { Provider } from "../catalogue/url-template.ts"
import { inPieces, readList } from "../test-inputs.ts"

const folder = fileURLToPath(new URL("test-corpus/", import.meta.url))
const lists = readdirSync(folder).filter((name) => name.endsWith(".m3u"))
const account: Provider = {
  url: "http://panel.test:8080/get.php?username=ann&password=s3cret&type=m3u_plus",
  login: { username: "ann", password: "s3cret" },
}

/** What is expected of `x.m3u` stands in `x.json`: what is found, the guides and the entries as they are kept. */
describe.each(lists)("%s", (list) => {
  const bytes = readFileSync(folder + list)
  const expected: unknown = JSON.parse(readFileSync(folder + list.replace(/m3u$/, "json"), "utf8"))

  it("is read as its JSON says", async () => {
    expect(await readList({ text: bytes, provider: account })).toEqual(expected)
  })

  it("is read the same in pieces of any size", async () => {
    for (const size of [1, 2, 7, 64]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, at * size + size),
      )
      expect(await readList({ pieces: inPieces(pieces), provider: account })).toEqual(expected)
    }
  })
})
