import { gunzipSync } from "node:zlib"
import type { View } from "@tributary/shared/snapshot/manifest"
import { PackWriter } from "../publish/render/pack-writer.ts"
import { type ImportGuidesOptions, importGuides } from "./import-guides.ts"
import type { GuideStore } from "./stored-guides.ts"

/** 2026-03-10 12:00:00 UTC. */
export const now = Date.UTC(2026, 2, 10, 12)

/** `YYYYMMDDhhmmss +0000` so many minutes after `now`, by way of `Date` alone. */
export function at(minutes: number): string {
  return `${new Date(now + minutes * 60_000).toISOString().replaceAll(/[-T:]/g, "").slice(0, 14)} +0000`
}

/** Unix seconds so many minutes after `now`. */
export const seconds = (minutes: number) => now / 1000 + minutes * 60

export const xmltv = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<tv>\n${body}\n</tv>\n`

/** A `channel` element. */
export const channel = (id: string, ...names: string[]) =>
  `<channel id="${id}">${names.map((name) => `<display-name>${name}</display-name>`).join("")}</channel>\n`

/** A `programme` element of an hour, or as long as told. */
export const programme = (id: string, start: number, title: string, minutes = 60, children = "") =>
  `<programme start="${at(start)}" stop="${at(start + minutes)}" channel="${id}">` +
  `<title>${title}</title>${children}</programme>\n`

/** Object storage in memory; `beforeStep` is called before each step that changes it, and may throw. */
export class MemoryStore implements GuideStore {
  readonly objects = new Map<string, Buffer>()
  beforeStep: () => void = () => undefined

  async readBytes(key: string): Promise<Buffer | null> {
    return this.objects.get(key) ?? null
  }

  async readObject(key: string): Promise<string | null> {
    return this.objects.get(key)?.toString() ?? null
  }

  async writeObject(key: string, body: string | Buffer): Promise<void> {
    this.beforeStep()
    this.objects.set(key, Buffer.from(body))
  }

  async deleteObject(key: string): Promise<void> {
    this.beforeStep()
    this.objects.delete(key)
  }

  async listObjects(prefix: string): Promise<string[]> {
    this.beforeStep()
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix))
  }
}

export async function* pieces(...all: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const piece of all) yield Buffer.from(piece)
}

/** Imports guides whose texts are given by address; an error in place of a text is thrown. */
export function importTexts(
  store: GuideStore,
  texts: Record<string, string | Buffer | Error>,
  options: Partial<ImportGuidesOptions> = {},
) {
  return importGuides({
    owner: null,
    addresses: Object.keys(texts).map((url) => ({ url, headers: {} })),
    fetch: ({ url }) => answer(texts[url] ?? new Error("unexpected address")),
    edge: store,
    mayWrite: async () => true,
    onProgress: () => undefined,
    now,
    ...options,
  })
}

async function* answer(text: string | Buffer | Error): AsyncGenerator<Buffer> {
  if (text instanceof Error) throw text
  yield Buffer.from(text)
}

/** Packs in memory. */
export class MemoryPacks {
  readonly writer = new PackWriter({
    upload: async (number, pack) => {
      this.#packs[number] = pack
    },
  })
  readonly #packs: Buffer[] = []

  /** What ranges hold together, unpacked. */
  read(view: View): string {
    const ranges = view.map(([pack, offset, length]) => this.#packs[pack]?.subarray(offset, offset + length))
    return gunzipSync(Buffer.concat(ranges.map((bytes) => bytes ?? Buffer.alloc(0)))).toString()
  }
}
