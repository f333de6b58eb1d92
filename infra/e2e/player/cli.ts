// Plays an MPEG-TS URL and prints what a strict player saw as one line of JSON:
//   node infra/e2e/player/cli.ts URL SECONDS [--header "Name: value"]... [--rate BYTES_PER_SECOND] [--file OUT.ts]
// Exits 0 when it got a 200 with transport packets, else 1; 2 when it is called wrongly.
import { createWriteStream } from "node:fs"
import { finished } from "node:stream/promises"
import { parseArgs } from "node:util"
import { play } from "./play.ts"

function parseHeader(text: string): [string, string] {
  const colon = text.indexOf(":")
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    header: { type: "string", multiple: true, default: [] },
    rate: { type: "string" },
    file: { type: "string" },
  },
})
const [url, secondsText] = positionals
const seconds = Number(secondsText)
if (url === undefined || !URL.canParse(url) || !(seconds > 0)) {
  console.error('cli.ts URL SECONDS [--header "Name: value"]... [--rate BYTES_PER_SECOND] [--file OUT.ts]')
  process.exit(2)
}

const file = values.file === undefined ? null : createWriteStream(values.file)
const report = await play(url, {
  seconds,
  headers: Object.fromEntries(values.header.map(parseHeader)),
  ...(values.rate === undefined ? {} : { readBytesPerSecond: Number(values.rate) }),
  ...(file === null ? {} : { onChunk: (chunk) => void file.write(chunk) }),
})
if (file !== null) {
  file.end()
  await finished(file)
}
console.log(JSON.stringify(report))
process.exitCode = report.status === 200 && report.packets > 0 ? 0 : 1
