import { channelIdOf } from "@tributary/shared/catalogue/channel-id"
import type { EntryDetails, GuideLocation } from "@tributary/shared/catalogue/entry"
import { shardCount, shardOfId } from "@tributary/shared/snapshot/index-shard"
import { field, kindBytes } from "../../catalogue/record.ts"
import { type ChannelSet, FeedHashes } from "../channels/channel-set.ts"
import type { GroupSets } from "../channels/group-sets.ts"
import type { ByteWriter } from "../columns/byte-writer.ts"
import { HashTable } from "../columns/hash-table.ts"
import { Hashes } from "../columns/hashes.ts"
import { NormalisedName } from "../columns/normalised-name.ts"

// More feeds than a failover will ever try; lists repeat a name such as "-----" thousands of times.
const mostFeeds = 64
// What the JSON of a channel has beyond the bytes of its records.
const overhead = 60
const kindNames = new Map<number, string>([
  [kindBytes.movie, "movie"],
  [kindBytes.series, "series"],
  [kindBytes.episode, "episode"],
])

export interface IndexInput {
  channels: ChannelSet
  groups: GroupSets
  sources: readonly string[]
  /** Shown channels of all kinds, in the order in which a name that several have is given to the first. */
  order: Iterable<number>
  guide: ReadonlyMap<string, GuideLocation>
}

/** The index's shards in their order, as JSON: a channel by its id, and an id by a channel's normalised name. */
export class IndexRenderer {
  readonly count: number
  readonly #input: IndexInput
  readonly #feeds: FeedHashes
  readonly #name = new NormalisedName()
  /** What stands between a feed's id and its address, by the number of its source. */
  readonly #afterId: Buffer[]
  readonly #byShard: Chains
  readonly #namesByShard: Chains

  constructor(input: IndexInput) {
    this.#input = input
    const { channels, sources, order } = input
    this.#feeds = new FeedHashes(channels.records, sources)
    this.#afterId = sources.map((source) => Buffer.from(`","source":"${source}","locator":`))
    this.count = shardCount(channels.records.byteLength + channels.count * overhead)
    this.#byShard = new Chains(this.count, channels.count)
    this.#namesByShard = new Chains(this.count, channels.count)
    const names = new HashTable(channels.count)
    const [ones, twos] = this.#hashNames()
    for (const channel of order) {
      this.#byShard.add(shardOfId(String(channels.id[channel]), this.count), channel)
      const one = ones[channel] as number
      // The first channel of a name has it; later ones are reached by their ids.
      if (names.add(one, twos[channel] as number, channel) === channel)
        this.#namesByShard.add(shardOfId(channelIdOf(one), this.count), channel)
    }
  }

  /** Hashes of each channel's normalised name; in the order in which the records lie in memory. */
  #hashNames(): [one: Uint32Array, two: Uint32Array] {
    const { channels } = this.#input
    const hashes = new Hashes()
    const ones = new Uint32Array(channels.count)
    const twos = new Uint32Array(channels.count)
    for (let channel = 0; channel < channels.count; channel++) {
      if (channels.isKeyName[channel] === 1) {
        ones[channel] = channels.keyOne[channel] as number
        twos[channel] = channels.keyTwo[channel] as number
        continue
      }
      const { bytes, length } = this.#name.read(channels.records.open(channels.face[channel] as number))
      hashes.begin().bytes(bytes, 0, length).end()
      ones[channel] = hashes.one
      twos[channel] = hashes.two
    }
    return [ones, twos]
  }

  render(shard: number, out: ByteWriter): void {
    const { channels } = this.#input
    out.ascii('{"channels":{')
    let isFirst = true
    for (const channel of this.#byShard.of(shard)) {
      out
        .ascii(isFirst ? '"' : ',"')
        .number(channels.id[channel] as number)
        .ascii('":')
      this.#renderChannel(channel, out)
      isFirst = false
    }
    out.ascii('},"names":{')
    isFirst = true
    for (const channel of this.#namesByShard.of(shard)) {
      if (!isFirst) out.ascii(",")
      const { bytes, length } = this.#name.read(channels.records.open(channels.face[channel] as number))
      out
        .json(bytes, 0, length)
        .ascii(':"')
        .number(channels.id[channel] as number)
        .ascii('"')
      isFirst = false
    }
    out.ascii("}}")
  }

  #renderChannel(channel: number, out: ByteWriter): void {
    const { channels, sources, guide } = this.#input
    const { records } = channels
    const { bytes, starts, ends } = records.open(channels.face[channel] as number)
    const kind = kindNames.get(channels.kind[channel] as number)
    if (kind === undefined) out.ascii('{"name":')
    else out.ascii(`{"kind":"${kind}","name":`)
    out.json(bytes, starts[field.name] as number, ends[field.name] as number)
    out.ascii(',"groups":').copy(this.#input.groups.of(channel).names)
    if (!records.isEmpty("logo")) {
      const source = sources[records.source(channels.face[channel] as number)]
      out.text(`,"logo":${JSON.stringify({ source, template: records.text("logo") })}`)
    }
    const location = guide.size === 0 ? undefined : guide.get(String(channels.id[channel]))
    if (location !== undefined) out.ascii(`,"guide":[${location.join(",")}]`)
    out.ascii(',"feeds":[')
    let feeds = 0
    for (let record = channels.firstFeed(channel); record >= 0; record = channels.nextFeed(record)) {
      if (feeds === mostFeeds) break
      if (feeds++ > 0) out.ascii(",")
      this.#renderFeed(record, out)
    }
    out.ascii("]}")
  }

  #renderFeed(record: number, out: ByteWriter): void {
    const { records } = this.#input.channels
    out.ascii('{"id":"')
    this.#feeds.writeId(record, out)
    out.copy(this.#afterId[records.source(record)] as Buffer)
    const { bytes, starts, ends } = records.open(record)
    writeLocator(bytes, starts[field.locator] as number, ends[field.locator] as number, out)
    if (!records.isEmpty("headers"))
      out.ascii(',"headers":').copy(bytes, starts[field.headers], ends[field.headers])
    if (!records.isEmpty("details")) {
      const { catchup } = JSON.parse(records.text("details")) as EntryDetails
      if (catchup !== undefined) out.text(`,"catchup":${JSON.stringify(catchup)}`)
    }
    out.ascii("}")
  }
}

const urlStart = Buffer.from('{"kind":"url","template":')
const typeNames = new Map([
  ["l".charCodeAt(0), '{"kind":"xtream","streamId":'],
  ["m".charCodeAt(0), '{"kind":"xtream","type":"movie","streamId":'],
  ["s".charCodeAt(0), '{"kind":"xtream","type":"series","streamId":'],
])
const closing = "}".charCodeAt(0)
const urlMark = "u".charCodeAt(0)

/** The JSON of a locator from the form that it has in a record. */
function writeLocator(bytes: Buffer, start: number, end: number, out: ByteWriter): void {
  const type = bytes[start] === urlMark ? undefined : typeNames.get(bytes[start + 1] as number)
  if (type === undefined) {
    out.copy(urlStart)
    out.json(bytes, start + 1, end).byte(closing)
    return
  }
  const dot = bytes.lastIndexOf(".", end - 1)
  out.ascii(type).json(bytes, start + 2, dot)
  out
    .ascii(',"extension":')
    .json(bytes, dot + 1, end)
    .ascii("}")
}

/** Lists of numbers, one for each shard, in two arrays. */
class Chains {
  readonly #heads: Int32Array
  readonly #next: Int32Array

  constructor(shards: number, numbers: number) {
    this.#heads = new Int32Array(shards).fill(-1)
    this.#next = new Int32Array(numbers)
  }

  add(shard: number, number: number): void {
    this.#next[number] = this.#heads[shard] as number
    this.#heads[shard] = number
  }

  *of(shard: number): Generator<number> {
    for (let at = this.#heads[shard] as number; at >= 0; at = this.#next[at] as number) yield at
  }
}
