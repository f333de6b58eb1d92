import type { Provider } from "../catalogue/url-template.ts"
import { readChannel } from "./channel-reader.ts"
import { ProgrammeReader } from "./programme-reader.ts"
import { XmltvScanner } from "./scan-xmltv.ts"
import { TextDecoding } from "./text-encoding.ts"
import { XmlText } from "./xml-text.ts"

export interface ReadProgramme {
  channel: string
  start: number
  stop: number
  body: string
  title: string
  description: string
  language: string
}

/** What the scanner and the readers make of a guide in pieces. */
export function readPieces(
  all: readonly Buffer[],
  provider: Provider | null = null,
  maxElementBytes?: number,
) {
  const decoding = new TextDecoding()
  decoding.declare(Buffer.concat(all))
  const text = new XmlText(decoding)
  const reader = new ProgrammeReader(text, provider)
  const channels: { id: string; names: string[]; icon: string }[] = []
  const programmes: ReadProgramme[] = []
  const scanner = new XmltvScanner(
    {
      channel: (element) => {
        const channel = readChannel(element, text, provider)
        if (channel !== null) channels.push(channel)
      },
      programme: (element) => {
        reader.readHead(element)
        reader.readBody(element)
        if (reader.body.length === 0) return
        const body = Buffer.from(reader.body.bytes.subarray(0, reader.body.length))
        const { channel, start, stop, places } = reader
        const title = body.toString("utf8", places.titleStart, places.titleEnd)
        const description = body.toString("utf8", places.descriptionStart, places.descriptionEnd)
        const { language } = places
        programmes.push({ channel, start, stop, body: body.toString(), title, description, language })
      },
    },
    maxElementBytes,
  )
  for (const piece of all) scanner.write(piece)
  scanner.end()
  return { channels, programmes, isXmltv: scanner.isXmltv, hasEnded: scanner.hasEnded }
}

export const readText = (text: string | Buffer, provider: Provider | null = null) =>
  readPieces([Buffer.from(text)], provider)
