import { byte } from "./packet.ts"
import { isAudio, type ListedStream } from "./programme.ts"

/** One descriptor of a PMT (ISO 13818-1 2.6): its tag, and the bytes behind the length. */
interface Descriptor {
  tag: number
  body: Buffer
}

export function readDescriptors(bytes: Buffer): Descriptor[] {
  const list: Descriptor[] = []
  for (let at = 0; at + 2 <= bytes.length; at += 2 + byte(bytes, at + 1))
    list.push({ tag: byte(bytes, at), body: bytes.subarray(at + 2, at + 2 + byte(bytes, at + 1)) })
  return list
}

// ISO_639_language (ISO 13818-1 2.6.18), teletext and subtitling (EN 300 468 6.2): all begin with the code.
const languageTags: ReadonlySet<number> = new Set([0x0a, 0x56, 0x59])

/** The three letters of the stream's language, as its PMT writes them. */
export function languageOf({ descriptors }: ListedStream): string | null {
  const found = readDescriptors(descriptors).find(
    ({ tag, body }) => languageTags.has(tag) && body.length >= 3,
  )
  return found === undefined ? null : found.body.toString("latin1", 0, 3)
}

const privateType = 0x06
const registrationTag = 0x05
const privateFormats: Readonly<Record<number, string>> = {
  // EN 300 468 table 12 and annex D.
  86: "teletext",
  89: "subtitles",
  106: "ac3",
  122: "eac3",
  123: "dts",
  124: "aac",
}
const registeredFormats: Readonly<Record<string, string>> = {
  "AC-3": "ac3",
  EAC3: "eac3",
  DTS1: "dts",
  DTS2: "dts",
  DTS3: "dts",
  Opus: "opus",
}

/** What the private data of a PES stream (stream_type 6) are, where its descriptors tell. */
export function privateFormatOf({ type, descriptors }: ListedStream): string | null {
  if (type !== privateType) return null
  for (const { tag, body } of readDescriptors(descriptors)) {
    const format =
      tag === registrationTag ? registeredFormats[body.toString("latin1", 0, 4)] : privateFormats[tag]
    if (format !== undefined) return format
  }
  return null
}

const privateSounds: ReadonlySet<string> = new Set(["ac3", "eac3", "dts", "aac", "opus"])

/** Sound, also as DVB sends it: as private data with a descriptor. */
export function isSound(stream: ListedStream): boolean {
  return isAudio(stream) || privateSounds.has(privateFormatOf(stream) ?? "")
}
