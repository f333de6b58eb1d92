import { createRequire } from "node:module"
import { entryKinds } from "@tributary/shared/catalogue/entry"
import { RecordWriter } from "../../../streamer/src/import/catalogue/record-writer.ts"
import type { Provider } from "../../../streamer/src/import/catalogue/url-template.ts"
import { readM3u } from "../../../streamer/src/import/m3u/read-m3u.ts"
import type { Bench } from "../bench.ts"
import { m3uList } from "../inputs/write-inputs.ts"
import { figure, type Report } from "../report.ts"
import { median } from "../statistics.ts"

// It is a dependency of the streamer's tests.
const fromStreamer = createRequire(new URL("../../../streamer/package.json", import.meta.url))
const foreign = fromStreamer("iptv-playlist-parser") as { parse: (text: string) => { items: unknown[] } }

const entries = 100_000
const rounds = 7
const pieceBytes = 64 * 1024
const leastRatio = 5
const owner = { server: "http://panel.test:8080", username: "bench", password: "bench-secret" }
const url = `${owner.server}/get.php?username=${owner.username}&password=${owner.password}&type=m3u_plus`

export const parse: Bench = {
  name: "parse",
  title: `channel lists of ${entries} entries, one thread, beside iptv-playlist-parser`,
  run: async (report) => {
    const bytes = Buffer.from([...m3uList(entries, owner)].join(""))
    // The other parser is given decoded text, and its rounds do not count the decoding.
    const text = bytes.toString()
    const contestants = {
      open: () => ours(bytes, { url, login: null }),
      login: () => ours(bytes, { url, login: owner }),
      foreign: async () => foreign.parse(text).items.length,
    }
    const speeds = await race(contestants, bytes.length)
    report.say(`${figure(bytes.length / 1e6)} MB, ${rounds} rounds in turn, medians`)
    report.row("iptv-playlist-parser", `${figure(speeds.foreign)} MB/s`)
    say(report, "our reader, list without a login", speeds.open, speeds.foreign)
    say(report, "our reader, login hidden in each address", speeds.login, speeds.foreign)
  },
}

function say(report: Report, what: string, speed: number, foreignSpeed: number): void {
  const ratio = speed / foreignSpeed
  const measured = `${figure(speed)} MB/s, ${figure(ratio)} times`
  report.row(what, measured, `≥ ${leastRatio} times`, ratio >= leastRatio)
}

/** Reads the list as an import does, down to records, and gives their number. */
async function ours(bytes: Buffer, provider: Provider): Promise<number> {
  const writer = new RecordWriter(() => undefined)
  await readM3u({
    pieces: pieces(bytes),
    provider,
    wanted: null,
    kinds: new Set(entryKinds),
    sourceName: "bench",
    writer,
    ready: async () => undefined,
  })
  writer.finish()
  return writer.total
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

/** MB/s of each, in turn so that a change of the machine's pace meets all; the first round only warms up. */
async function race<Name extends string>(
  contestants: Record<Name, () => Promise<number>>,
  bytes: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(contestants) as Name[]
  const speeds = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++)
    for (const name of names) {
      globalThis.gc?.()
      const from = performance.now()
      const found = await contestants[name]()
      const seconds = (performance.now() - from) / 1000
      if (found !== entries) throw new Error(`${name} found ${found} of ${entries} entries`)
      if (round > 0) speeds.get(name)?.push(bytes / 1e6 / seconds)
    }
  return Object.fromEntries(names.map((name) => [name, median(speeds.get(name) ?? [])])) as Record<
    Name,
    number
  >
}
