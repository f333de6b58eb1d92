import type { GroupBy } from "@tributary/shared/catalogue/group-key"
import { field } from "../../catalogue/record.ts"
import type { ByteWriter } from "../columns/byte-writer.ts"
import { HashTable } from "../columns/hash-table.ts"
import { Hashes, type HashState } from "../columns/hashes.ts"
import type { RecordSet } from "../columns/record-set.ts"
import { ChannelKeys } from "./channel-key.ts"

const none = -1

/**
 * Channels (movies, series and episodes too) over the records that are their feeds, in columns: a channel is
 * known by its number. Its feeds are a chain of records in failover order; its face is the record that its
 * name, attributes, groups and logo are taken from.
 */
export class ChannelSet {
  readonly records: RecordSet
  /** The byte of `kindBytes`. */
  readonly kind: Uint8Array
  /** Hashes of what makes its feeds one channel. */
  readonly keyOne: Uint32Array
  readonly keyTwo: Uint32Array
  readonly id: Uint32Array
  readonly face: Int32Array
  /** 1: the hashes of its key are those of its normalised name. */
  readonly isKeyName: Uint8Array
  /** 1: shown to nobody, by the user's wish. 2: merged into another. */
  readonly hidden: Uint8Array
  readonly #first: Int32Array
  readonly #next: Int32Array
  #count = 0

  /** `more`: how many channels may be added to those of the records. */
  constructor(records: RecordSet, more: number) {
    const most = records.count + more
    this.records = records
    this.kind = new Uint8Array(most)
    this.keyOne = new Uint32Array(most)
    this.keyTwo = new Uint32Array(most)
    this.id = new Uint32Array(most)
    this.face = new Int32Array(most)
    this.isKeyName = new Uint8Array(most)
    this.hidden = new Uint8Array(most)
    this.#first = new Int32Array(most).fill(none)
    this.#next = new Int32Array(records.count).fill(none)
  }

  get count(): number {
    return this.#count
  }

  /** Adds a channel with one feed. */
  add(record: number, keyOne: number, keyTwo: number): number {
    const channel = this.#count++
    this.kind[channel] = this.records.kind(record)
    this.keyOne[channel] = keyOne
    this.keyTwo[channel] = keyTwo
    this.face[channel] = record
    this.#first[channel] = record
    return channel
  }

  /** Adds a feed behind one that has none behind it yet. */
  link(before: number, record: number): void {
    this.#next[before] = record
  }

  hasOneFeed(channel: number): boolean {
    const first = this.#first[channel] as number
    return first !== none && this.#next[first] === none
  }

  firstFeed(channel: number): number {
    return this.#first[channel] as number
  }

  /** The feed behind one, or -1. */
  nextFeed(record: number): number {
    return this.#next[record] as number
  }

  *feeds(channel: number): Generator<number> {
    for (let record = this.#first[channel] as number; record !== none; record = this.#next[record] as number)
      yield record
  }

  /** Puts other feeds in place of a channel's; the face is the first of them. */
  setFeeds(channel: number, feeds: readonly number[]): void {
    feeds.forEach((record, index) => {
      this.#next[record] = feeds[index + 1] ?? none
    })
    this.#first[channel] = feeds[0] ?? none
    this.face[channel] = feeds[0] ?? none
  }
}

/**
 * Groups records into channels. Records come in the sources' order, which is the failover order of a channel's
 * feeds. A source's copy of the very same address is one feed.
 */
export function groupRecords(
  records: RecordSet,
  sources: readonly string[],
  groupBy: GroupBy,
  more = 0,
): ChannelSet {
  const channels = new ChannelSet(records, more)
  const byKey = new HashTable(records.count)
  const last = new Int32Array(records.count)
  const known = new KnownFeeds(records, sources)
  const keys = new ChannelKeys(records, groupBy)
  for (let record = 0; record < records.count; record++) {
    const { one, two, isName } = keys.of(record)
    const next = channels.count
    const channel = byKey.add(one, two, next)
    if (channel === next) {
      channels.add(record, one, two)
      channels.isKeyName[channel] = isName ? 1 : 0
    } else {
      if (channels.hasOneFeed(channel)) known.add(channel, channels.firstFeed(channel))
      if (!known.add(channel, record)) continue
      channels.link(last[channel] as number, record)
    }
    last[channel] = record
  }
  return channels
}

/** Which addresses the channels of several feeds have. */
class KnownFeeds {
  readonly #feeds: FeedHashes
  readonly #table = new HashTable(1024)

  constructor(records: RecordSet, sources: readonly string[]) {
    this.#feeds = new FeedHashes(records, sources)
  }

  /** False when the channel has this source's address already. */
  add(channel: number, record: number): boolean {
    const { one, two } = this.#feeds.of(record)
    const next = this.#table.size
    return this.#table.add((one ^ Math.imul(channel, 0x9e3779b1)) >>> 0, (two + channel) >>> 0, next) === next
  }
}

/** Hashes whose feed a record is, and where: the same across imports. */
export class FeedHashes {
  readonly #records: RecordSet
  readonly #prefixes: HashState[]
  readonly #hashes = new Hashes()

  constructor(records: RecordSet, sources: readonly string[]) {
    this.#records = records
    this.#prefixes = sources.map((source) => new Hashes().begin().text(source).mark(0).state)
  }

  /** Opens the record. */
  of(record: number): Hashes {
    const { bytes, starts, ends } = this.#records.open(record)
    return this.#hashes
      .begin(this.#prefixes[this.#records.source(record)])
      .bytes(bytes, starts[field.locator] as number, ends[field.locator] as number)
      .end()
  }

  /** A feed's id: letters and digits. Opens the record. */
  id(record: number): string {
    const { one, two } = this.of(record)
    return one.toString(36) + two.toString(36)
  }

  /** As `id`, as bytes. */
  writeId(record: number, out: ByteWriter): void {
    const { one, two } = this.of(record)
    out.number(one, 36).number(two, 36)
  }
}
