import { closeSync, openSync, writeSync } from "node:fs"
import { type ListOwner, m3uEntry, tvgId } from "./m3u-entry.ts"
import { xmltvChannel, xmltvProgramme } from "./xmltv-programme.ts"

const flushCharacters = 1024 * 1024

/** Writes texts to a new file, and gives its length in bytes. */
export function writeTexts(path: string, texts: Iterable<string>): number {
  const file = openSync(path, "w")
  let [bytes, waiting] = [0, ""]
  try {
    for (const text of texts) {
      waiting += text
      if (waiting.length < flushCharacters) continue
      bytes += writeSync(file, waiting)
      waiting = ""
    }
    return bytes + writeSync(file, waiting)
  } finally {
    closeSync(file)
  }
}

/** A channel list. With `changedEvery`, each so-manyth entry is another than in the list without. */
export function* m3uList(entries: number, owner: ListOwner, changedEvery = 0): Generator<string> {
  yield "#EXTM3U\n"
  for (let number = 1; number <= entries; number++)
    yield m3uEntry(number, owner, changedEvery > 0 && number % changedEvery === 0 ? 1 : 0)
}

export interface GuideShape {
  channels: number
  programmesEach: number
  /** When each channel's first programme begins, Unix seconds. */
  start: number
}

/** A guide for the channels 1 to `channels` of `m3uList`, in the order of channels. */
export function* xmltvGuide({ channels, programmesEach, start }: GuideShape): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<tv generator-info-name="bench">\n'
  for (let channel = 1; channel <= channels; channel++)
    yield xmltvChannel(tvgId(channel), `Channel ${channel}`)
  for (let channel = 1; channel <= channels; channel++)
    for (let at = 0; at < programmesEach; at++)
      yield xmltvProgramme(tvgId(channel), channel * programmesEach + at, start + at * 1800)
  yield "</tv>\n"
}
