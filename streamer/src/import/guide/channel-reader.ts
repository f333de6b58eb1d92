import { namesProvider, type Provider } from "../catalogue/url-template.ts"
import { ChildElements } from "./child-elements.ts"
import { channelRules } from "./element-rules.ts"
import { Attributes, tagEnd } from "./tag.ts"
import type { XmlText } from "./xml-text.ts"

const nameLength = "<channel".length

export interface GuideChannel {
  id: string
  names: string[]
  /** Address, or empty. */
  icon: string
}

/** Reads a `channel` element; null for one without id. What names the provider is left out. */
export function readChannel(element: Buffer, text: XmlText, provider: Provider | null): GuideChannel | null {
  const attributes = new Attributes()
  const close = tagEnd(element, 0, element.length)
  const channel: GuideChannel = { id: "", names: [], icon: "" }
  attributes.begin(element, nameLength, close)
  while (attributes.next())
    if (nameText(element, attributes) === "id") channel.id = valueText(element, attributes, text)
  if (channel.id === "") return null

  const isPublic = (value: string) => value !== "" && (provider === null || !namesProvider(value, provider))
  const children = new ChildElements(element, close + 1, element.length, channelRules)
  for (let rule = children.next(); rule !== null; rule = children.next()) {
    if (rule.name === "display-name") {
      const name = text.read(element, children.contentStart, children.contentEnd)
      if (isPublic(name)) channel.names.push(name)
    } else if (channel.icon === "") {
      attributes.begin(element, children.attributesStart, children.attributesEnd)
      while (attributes.next()) {
        if (nameText(element, attributes) !== "src") continue
        const icon = valueText(element, attributes, text)
        if (isPublic(icon)) channel.icon = icon
      }
    }
  }
  return channel
}

const nameText = (bytes: Buffer, { nameStart, nameEnd }: Attributes) =>
  bytes.toString("latin1", nameStart, nameEnd)
const valueText = (bytes: Buffer, { valueStart, valueEnd }: Attributes, text: XmlText) =>
  text.read(bytes, valueStart, valueEnd)
