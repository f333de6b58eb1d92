// A worker thread that reads the same list each time it is asked to, and says how long that took.
import { createRequire } from "node:module"
import { parentPort, workerData } from "node:worker_threads"
import { entryKinds } from "@tributary/shared/catalogue/entry"
import { RecordWriter } from "../../../streamer/src/import/catalogue/record-writer.ts"
import type { Provider } from "../../../streamer/src/import/catalogue/url-template.ts"
import { readM3u } from "../../../streamer/src/import/m3u/read-m3u.ts"
import { m3uList } from "../inputs/write-inputs.ts"

export const owner = { server: "http://panel.test:8080", username: "bench", password: "bench-secret" }

export interface Contest {
  /** Ours for a list without a login, ours that hides the login in each address, or the foreign parser. */
  who: "open" | "login" | "foreign"
  entries: number
}

export interface Round {
  bytes: number
  milliseconds: number
  /** Entries. */
  found: number
}

const pieceBytes = 64 * 1024
const url = `${owner.server}/get.php?username=${owner.username}&password=${owner.password}&type=m3u_plus`
// It is a dependency of the streamer's tests.
const fromStreamer = createRequire(new URL("../../../streamer/package.json", import.meta.url))

function contestant({ who }: Contest, bytes: Buffer): () => Promise<number> {
  if (who !== "foreign") return () => ours(bytes, { url, login: who === "login" ? owner : null })
  const foreign = fromStreamer("iptv-playlist-parser") as { parse: (text: string) => { items: unknown[] } }
  // It is given decoded text, and its rounds do not count the decoding.
  const text = bytes.toString()
  return async () => foreign.parse(text).items.length
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

if (parentPort !== null) {
  const port = parentPort
  const contest = workerData as Contest
  const bytes = Buffer.from([...m3uList(contest.entries, owner)].join(""))
  const read = contestant(contest, bytes)
  port.on("message", async () => {
    const from = performance.now()
    const found = await read()
    port.postMessage({ bytes: bytes.length, milliseconds: performance.now() - from, found } satisfies Round)
  })
}
