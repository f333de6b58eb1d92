// What no import can do without: downloads URL, looks at each line, and hashes the bytes. Prints the seconds:
//   node infra/bench/system/bare-loop.ts URL
import { createHash } from "node:crypto"
import { request } from "undici"

const lineFeed = 0x0a
const url = process.argv[2] ?? ""
const from = performance.now()
const { body } = await request(url)
const hash = createHash("sha256")
let lines = 0
for await (const piece of body as AsyncIterable<Buffer>) {
  for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, at + 1)) lines++
  hash.update(piece)
}
hash.digest()
process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - from) / 1000, lines })}\n`)
