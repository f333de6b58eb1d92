import { field } from "../../catalogue/record.ts"
import { hiddenByUser } from "../channels/apply-edits.ts"
import { type ChannelSet, FeedHashes } from "../channels/channel-set.ts"
import type { Kind } from "../channels/group-lists.ts"
import type { GroupSets } from "../channels/group-sets.ts"
import type { ByteWriter } from "../columns/byte-writer.ts"
import { attributeNeedle, findAttribute } from "../columns/find-attribute.ts"

export interface AdminInput {
  channels: ChannelSet
  groups: GroupSets
  sources: readonly string[]
  /** Whether the guide has programmes for a channel. */
  hasGuide: (id: string) => boolean
}

const numberNeedle = attributeNeedle("tvg-chno")
const logoNeedle = attributeNeedle("tvg-logo")

/** What the admin API says of channels: `AdminRow` as lines of JSON. */
export class AdminRenderer {
  readonly #input: AdminInput
  readonly #feeds: FeedHashes
  /** What stands between a feed's id and its name, by the number of its source. */
  readonly #afterId: Buffer[]

  constructor(input: AdminInput) {
    this.#input = input
    this.#feeds = new FeedHashes(input.channels.records, input.sources)
    this.#afterId = input.sources.map((source) => Buffer.from(`","source":"${source}","name":`))
  }

  render(kind: Kind, channel: number, out: ByteWriter): void {
    const { channels, hasGuide } = this.#input
    const id = String(channels.id[channel])
    const face = channels.records.open(channels.face[channel] as number)
    const { bytes, starts, ends } = face
    out.ascii('{"id":"').ascii(id).ascii('","kind":"').ascii(kind).ascii('","name":')
    out.json(bytes, starts[field.name] as number, ends[field.name] as number)
    out.ascii(',"groups":').copy(this.#input.groups.of(channel).names)
    out.ascii(',"tvgId":').json(bytes, starts[field.tvgId] as number, ends[field.tvgId] as number)
    out.ascii(',"logo":')
    const logo = face.isEmpty("logo") ? findAttribute(face, logoNeedle) : null
    if (logo !== null) out.json(bytes, logo.start, logo.end)
    else out.ascii(face.isEmpty("logo") ? '""' : `"${id}"`)
    const place = findAttribute(face, numberNeedle)
    const number = place === null ? "" : bytes.toString("latin1", place.start, place.end)
    out.ascii(',"number":').ascii(/^\d{1,9}$/.test(number) ? String(Number(number)) : "null")
    out.ascii(',"feeds":[')
    this.#renderFeeds(channel, out)
    const isHidden = channels.hidden[channel] === hiddenByUser
    out.ascii(isHidden ? '],"hidden":true' : '],"hidden":false')
    out.ascii(hasGuide(id) ? ',"guide":true}\n' : ',"guide":false}\n')
  }

  #renderFeeds(channel: number, out: ByteWriter): void {
    const { channels } = this.#input
    const first = channels.firstFeed(channel)
    for (let record = first; record >= 0; record = channels.nextFeed(record)) {
      out.ascii(record === first ? '{"id":"' : ',{"id":"')
      this.#feeds.writeId(record, out)
      out.copy(this.#afterId[channels.records.source(record)] as Buffer)
      const { bytes, starts, ends } = channels.records
      out.json(bytes, starts[field.name] as number, ends[field.name] as number).ascii("}")
    }
  }
}
