import { namesProvider, type Provider } from "../catalogue/url-template.ts"
import { programmeRules } from "./element-rules.ts"
import { ElementWriter, type WrittenElement } from "./element-writer.ts"
import { languageCode } from "./language-code.ts"
import type { TextPlaces } from "./record.ts"
import { ScratchBytes } from "./scratch-bytes.ts"
import { Attributes, tagEnd } from "./tag.ts"
import type { XmlText } from "./xml-text.ts"
import { readXmltvTime } from "./xmltv-time.ts"

const nameLength = "<programme".length

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
      const first = element[nameStart]
      if (first !== 0x63 && first !== 0x73) continue
      const name = element.toString("latin1", nameStart, nameEnd)
      if (name === "channel") this.channel = this.#text.read(element, valueStart, valueEnd)
      else if (name === "start") this.start = readXmltvTime(element, valueStart, valueEnd)
      else if (name === "stop") this.stop = readXmltvTime(element, valueStart, valueEnd)
    }
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

/** Tells quickly which elements may name the provider, so that few are looked at closely. */
class SecretFinder {
  readonly isSecret: (text: string) => boolean
  readonly #words: string[]

  constructor(provider: Provider) {
    this.isSecret = (text) => namesProvider(text, provider)
    const password = provider.login?.password ?? ""
    // However it is escaped, letters and digits stay what they are.
    const longest = password.split(/[^A-Za-z0-9]+/).toSorted((a, b) => b.length - a.length)[0] ?? ""
    this.#words = [new URL(provider.url).hostname.toLowerCase(), longest.toLowerCase()]
  }

  mayBeIn(element: Buffer): boolean {
    const text = element.toString("latin1").toLowerCase()
    return this.#words.some((word) => text.includes(word))
  }
}
