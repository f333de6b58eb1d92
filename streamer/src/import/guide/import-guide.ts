import type { GuideHead } from "@tributary/shared/snapshot/stored-guides"
import type { Provider } from "../catalogue/url-template.ts"
import { ImportError } from "../import-error.ts"
import { readChannel } from "./channel-reader.ts"
import { ChannelTable } from "./channel-table.ts"
import type { GuideParts } from "./guide-parts.ts"
import { type GuideWindow, guideWindow, orderProgrammes, wantedTimes } from "./order-programmes.ts"
import { bucketCount, ProgrammeBuckets } from "./programme-buckets.ts"
import { ProgrammeReader } from "./programme-reader.ts"
import { startOf, stopOf } from "./record.ts"
import { XmltvScanner } from "./scan-xmltv.ts"
import { Spool } from "./spool.ts"
import { TextDecoding, withoutUtf16 } from "./text-encoding.ts"
import { notAGuide } from "./what-came.ts"
import { XmlText } from "./xml-text.ts"

export interface ImportGuideOptions {
  /** The guide's unpacked bytes. */
  pieces: AsyncIterable<Buffer>
  parts: GuideParts
  /** Whose addresses and logins must not get out. */
  provider: Provider | null
  /** Called now and then, with all bytes and kept programmes so far. */
  onProgress: (progress: { bytes: number; entries: number }) => void
  /** Unix milliseconds. */
  now: number
  /** For temporary files; the system's when left out. */
  temporaryFolder?: string
}

export interface ImportedGuide {
  heads: number
  digest: string
  channels: number
  programmes: number
  /** Whether its end came. */
  isWhole: boolean
  /** Programmes that could not be read. */
  unreadable: number
}

const progressBytes = 1024 * 1024
const headBytes = 64 * 1024

/**
 * Reads an XMLTV guide and stores its programmes by channel, in memory that does not grow with the guide: they
 * are sorted by way of a temporary file. Throws an ImportError when what came is no guide, or has nothing in it.
 */
export async function importGuide(options: ImportGuideOptions): Promise<ImportedGuide> {
  const { parts, now } = options
  const window = guideWindow(now)
  const spool = new Spool(options.temporaryFolder)
  try {
    const buckets = new ProgrammeBuckets(spool)
    const channels = new ChannelTable()
    const read = await readGuide(options, window, channels, buckets)
    const heads = await storeProgrammes(channels, buckets, parts, window)
    if (heads.length === 0) throw new ImportError("empty", nothingIn(read))
    const programmes = heads.reduce((sum, head) => sum + head.programmes, 0)
    const unreadable = read.unreadable + buckets.refused
    return {
      ...(await parts.finish(heads)),
      ...{ channels: heads.length, programmes, isWhole: read.isWhole, unreadable },
    }
  } finally {
    await parts.settled()
    spool.close()
  }
}

interface ReadGuide {
  isWhole: boolean
  /** Programmes that came. */
  programmes: number
  unreadable: number
}

async function readGuide(
  { pieces, provider, onProgress }: ImportGuideOptions,
  window: GuideWindow,
  channels: ChannelTable,
  buckets: ProgrammeBuckets,
): Promise<ReadGuide> {
  const decoding = new TextDecoding()
  const text = new XmlText(decoding)
  const reader = new ProgrammeReader(text, provider)
  let [came, kept, unreadable] = [0, 0, 0]
  const scanner = new XmltvScanner({
    channel: (element) => {
      const channel = readChannel(element, text, provider)
      if (channel !== null) channels.describe(channel)
    },
    programme: (element) => {
      came++
      reader.readHead(element)
      const times = wantedTimes(reader.start, reader.stop, window)
      if (times === null) {
        if (Number.isNaN(reader.start)) unreadable++
        return
      }
      reader.readBody(element)
      const channel = reader.body.length === 0 ? null : channels.find(reader.channel)
      if (channel === null) unreadable++
      else {
        buckets.add(channel.bucket, channel.number, times, reader.body, reader.places)
        kept++
      }
    },
  })
  let head: Buffer = Buffer.alloc(0)
  let [bytes, told] = [0, 0]
  for await (const piece of withoutUtf16(pieces)) {
    if (head.length < headBytes) {
      head = Buffer.concat([head, piece.subarray(0, headBytes - head.length)])
      decoding.declare(head)
    }
    bytes += piece.length
    scanner.write(piece)
    if (bytes - told < progressBytes) continue
    told = bytes
    onProgress({ bytes, entries: kept })
  }
  scanner.end()
  onProgress({ bytes, entries: kept })
  if (!scanner.isXmltv) throw notAGuide(head)
  return { isWhole: scanner.hasEnded, programmes: came, unreadable }
}

async function storeProgrammes(
  channels: ChannelTable,
  buckets: ProgrammeBuckets,
  parts: GuideParts,
  window: GuideWindow,
): Promise<GuideHead[]> {
  const heads: GuideHead[] = []
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const { records, byChannel } = buckets.take(bucket)
    for (const { id, names, icon, number } of channels.ordered(byChannel.keys())) {
      const places = orderProgrammes(records, byChannel.get(number) ?? [], window)
      const [first] = places
      if (first === undefined) continue
      heads.push({
        ...{ id, names, icon, programmes: places.length, from: startOf(records, first) },
        until: places.reduce((latest, place) => Math.max(latest, stopOf(records, place)), 0),
        ...(await parts.add(records, places)),
      })
    }
  }
  return heads
}

function nothingIn({ programmes, unreadable }: ReadGuide): string {
  if (programmes === 0) return "the guide has no programmes"
  if (programmes === unreadable) return "no programme of the guide can be read"
  return "all programmes of the guide are over"
}
