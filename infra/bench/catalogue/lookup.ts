import { gunzipSync } from "node:zlib"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import type { IndexShard } from "@tributary/shared/snapshot/index-shard"
import type { Manifest } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { EdgeClient } from "../../../streamer/src/store/edge-client.ts"
import { readSecrets } from "../../local/config/secrets.ts"
import type { Bench } from "../bench.ts"
import { figure, type Report } from "../report.ts"
import { median } from "../statistics.ts"
import { CountingBucket } from "../system/counting-bucket.ts"
import { listCatalogue } from "../system/list-catalogue.ts"
import { openReader } from "../system/snapshot-reader.ts"

const entries = 1_000_000
const mostKilobytes = 64
const lookups = 500

export const lookup: Bench = {
  name: "lookup",
  title: "one channel among a million, by the edge's own reader",
  run: async (report, shared) => {
    const { system } = await listCatalogue(shared, entries)
    const { secret } = await readSecrets(system.dataDir)
    const client = new EdgeClient(system.baseUrl, await deriveKeys(secret))
    const pointer = await client.currentPointer()
    const manifest = pointer === null ? null : await client.manifest(pointer.snapshot)
    if (pointer === null || manifest === null) throw new Error("there is no snapshot")
    const bucket = new CountingBucket()
    const manifestText = JSON.stringify(manifest)
    bucket.put(objects.current, Buffer.from(JSON.stringify(pointer)))
    bucket.put(objects.manifest(pointer.snapshot), Buffer.from(manifestText))
    for (const { pack } of manifest.index) {
      const key = objects.pack(pointer.snapshot, pack)
      if (!bucket.has(key)) bucket.put(key, (await client.readBytes(key)) ?? Buffer.alloc(0))
    }
    report.row(
      "manifest of 1,000,000 channels",
      `${figure(manifestText.length / 1e3)} KB, ${manifest.index.reduce((sum, { lengths }) => sum + lengths.length, 0)} shards`,
    )
    const known = sayShards(report, manifest, bucket)
    await sayReads(report, bucket, known)
  },
}

interface Known {
  ids: string[]
  names: string[]
}

/** Sizes of all shards; gives some channels to look up. */
function sayShards(report: Report, { snapshot, index }: Manifest, bucket: CountingBucket): Known {
  const known: Known = { ids: [], names: [] }
  const packed: number[] = []
  const unpacked: number[] = []
  let shards = 0
  for (const run of index) {
    let at = run.offset
    for (const length of run.lengths) {
      const bytes = gunzipSync(bucket.bytes(objects.pack(snapshot, run.pack)).subarray(at, at + length))
      at += length
      packed.push(length)
      unpacked.push(bytes.length)
      if (shards++ % 20 !== 0) continue
      const shard = JSON.parse(bytes.toString()) as IndexShard
      known.ids.push(...Object.keys(shard.channels).slice(0, 1))
      known.names.push(
        ...Object.values(shard.channels)
          .slice(1, 2)
          .map(({ name }) => name),
      )
    }
  }
  const limit = mostKilobytes
  report.atMost("largest shard of the index, as it is stored and read", largest(packed) / 1e3, limit, "KB")
  report.atMost("largest shard of the index, unpacked", largest(unpacked) / 1e3, limit, "KB")
  return known
}

const largest = (sizes: readonly number[]) => sizes.reduce((most, size) => Math.max(most, size), 0)

async function sayReads(report: Report, bucket: CountingBucket, { ids, names }: Known): Promise<void> {
  const now = 0
  const reader = await openReader(bucket)
  const from = performance.now()
  await reader.current(now)
  report.row("reading and checking the manifest, once per snapshot", `${figure(performance.now() - from)} ms`)
  for (const [what, texts] of [
    ["id", ids],
    ["name", names],
  ] as const) {
    const times: number[] = []
    let [mostReads, mostBytes] = [0, 0]
    for (const text of texts.slice(0, lookups)) {
      bucket.reads.length = 0
      const start = performance.now()
      if ((await reader.findChannel(text, now)) === null) throw new Error(`${text} was not found`)
      times.push(performance.now() - start)
      mostReads = Math.max(mostReads, bucket.reads.length)
      mostBytes = Math.max(mostBytes, ...bucket.reads)
    }
    const measured = `${mostReads} of at most ${figure(mostBytes / 1e3)} KB`
    const met = mostReads <= 1 && mostBytes < mostKilobytes * 1000
    report.row(`reads of R2 for a look-up by ${what}, at most`, measured, `1 of < ${mostKilobytes} KB`, met)
    report.row(`a look-up by ${what} in Node, R2 in memory, median`, `${figure(median(times))} ms`)
  }
}
