import type { Provider } from "../catalogue/url-template.ts"
import { programmeRules } from "./element-rules.ts"
import { ElementWriter, type WrittenElement } from "./element-writer.ts"
import { languageCode } from "./language-code.ts"
import { NameSet } from "./name-set.ts"
import type { TextPlaces } from "./record.ts"
import { ScratchBytes } from "./scratch-bytes.ts"
import { SecretFinder } from "./secret-finder.ts"
import { Attributes, tagEnd } from "./tag.ts"
import type { XmlText } from "./xml-text.ts"
import { readXmltvTime } from "./xmltv-time.ts"

const nameLength = "<programme".length
const headAttributes = new NameSet(["channel", "start", "stop"])

/** Reads `programme` elements, one at a time, into its own fields. */
export class ProgrammeReader {
  channel = ""
  /** Unix seconds; NaN when there is none that can be read. */
  start = Number.NaN
  stop = Number.NaN
  /** Its children as clean XML; empty for a programme without a title. */
  readonly body = new ScratchBytes(8 * 1024)
  places: TextPlaces = none
  readonly #writer: ElementWriter
  readonly #text: XmlText
  readonly #attributes = new Attributes()
  readonly #secrets: SecretFinder | null
  #lastId = { raw: Buffer.alloc(0), id: "" }

  constructor(text: XmlText, provider: Provider | null) {
    this.#text = text
    this.#writer = new ElementWriter(this.body, text)
    this.#secrets = provider?.login ? new SecretFinder(provider) : null
  }

  /** Reads channel and times; the body follows when it is wanted. */
  readHead(element: Buffer): void {
    const attributes = this.#attributes
    this.channel = ""
    this.start = Number.NaN
    this.stop = Number.NaN
    attributes.begin(element, nameLength, tagEnd(element, 0, element.length))
    while (attributes.next()) {
      const { nameStart, nameEnd, valueStart, valueEnd } = attributes
      const name = headAttributes.find(element, nameStart, nameEnd)
      if (name === 0) this.channel = this.#readChannel(element, valueStart, valueEnd)
      else if (name === 1) this.start = readXmltvTime(element, valueStart, valueEnd)
      else if (name === 2) this.stop = readXmltvTime(element, valueStart, valueEnd)
    }
  }

  /** Most programmes have the channel of the one before. */
  #readChannel(element: Buffer, start: number, end: number): string {
    if (element.compare(this.#lastId.raw, 0, this.#lastId.raw.length, start, end) !== 0)
      this.#lastId = {
        raw: Buffer.from(element.subarray(start, end)),
        id: this.#text.read(element, start, end),
      }
    return this.#lastId.id
  }

  readBody(element: Buffer): void {
    const { body } = this
    body.length = 0
    this.#writer.isSecret = this.#secrets?.mayBeIn(element) ? this.#secrets.isSecret : null
    const contentStart = tagEnd(element, 0, element.length) + 1
    const written = this.#writer.write(element, contentStart, element.length, programmeRules)
    const title = written.find(({ rule }) => rule.name === "title")
    const description = written.find(({ rule }) => rule.name === "desc")
    if (title === undefined) body.length = 0
    else this.places = this.#placesOf(title, description)
  }

  #placesOf(title: WrittenElement, description: WrittenElement | undefined): TextPlaces {
    return {
      titleStart: title.contentStart,
      titleEnd: title.contentEnd,
      descriptionStart: description?.contentStart ?? 0,
      descriptionEnd: description?.contentEnd ?? 0,
      language: this.#languageOf(title),
    }
  }

  /** `<title lang="en">`: rules write a title's only attribute right behind its name. */
  #languageOf({ rule, start, contentStart }: WrittenElement): string {
    const from = start + rule.start.length + ' lang="'.length
    const to = contentStart - '">'.length
    return to > from ? languageCode(this.body.bytes.toString("utf8", from, to)) : ""
  }
}

const none: TextPlaces = { titleStart: 0, titleEnd: 0, descriptionStart: 0, descriptionEnd: 0, language: "" }
