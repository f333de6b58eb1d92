import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import type { Provider } from "../catalogue/url-template.ts"
import { cut, inPieces, readList } from "../test-inputs.ts"
import { headBytes } from "./playlist-head.ts"

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
    const long = lengthened(bytes)
    for (const size of [1, 2, 7, 64])
      expect(await readList({ pieces: inPieces(cut(long, () => size)), provider: account })).toEqual(expected)
  })
})

/** With remarks before it as long as the head, which is read in one piece. */
function lengthened(bytes: Buffer): Buffer {
  const remarks = (bytes.includes("\n") ? "#\n" : "#\r").repeat(headBytes / 2)
  const isWide = bytes[0] === 0xff
  const mark = isWide ? 2 : bytes[0] === 0xef ? 3 : 0
  const text = Buffer.from(remarks, isWide ? "utf16le" : "utf8")
  return Buffer.concat([bytes.subarray(0, mark), text, bytes.subarray(mark)])
}
