import { keys } from "@tributary/shared/store/keys"
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest"
import type { Importer } from "./importer.ts"
import { startImporterFixture, startListServer } from "./importer-fixture.ts"

/** What the tests of a file share, from their start on; the importer is another one for each. */
export let fixture: Awaited<ReturnType<typeof startImporterFixture>>
export let lists: Awaited<ReturnType<typeof startListServer>>
export let importer: Importer

/** Starts them for all tests of a file, and leaves nothing of one test to the next. */
export function useImporter(): void {
  beforeAll(async () => {
    ;[fixture, lists] = await Promise.all([startImporterFixture(), startListServer(() => undefined)])
  })
  afterAll(async () => {
    await Promise.allSettled([fixture?.close(), lists?.close()])
  })
  beforeEach(async () => {
    lists.state.requests = 0
    importer = await fixture.importer()
  })
  afterEach(async () => {
    await importer.close()
    // What is published is that of the sources, so the next test's import replaces it.
    await fixture.save([])
    await fixture.redis.del(keys.importsDue, keys.importsRunning, keys.importsStatus)
  })
}

export const channels = (...names: string[]) =>
  `#EXTM3U\n${names.map((name) => `#EXTINF:-1 tvg-id="${name}.id" group-title="Group",${name}\nhttp://feeds.test/${name}\n`).join("")}`

export async function importNow(...working: Importer[]): Promise<void> {
  for (const one of working) one.look()
  await fixture.settled(...working)
}
export const source = (id: string, more: object = {}) => ({
  id,
  type: "m3u",
  url: `${lists.url}/list.m3u`,
  ...more,
})
export const published = async () => (await fixture.client.currentPointer())?.channels
export const snapshot = async () => (await fixture.client.currentPointer())?.snapshot
export const error = async (id: string) => (await fixture.statuses()).get(id)?.error
export const served = async (path?: string) => {
  const { text } = await fixture.playlist(path)
  return [...text.matchAll(/^#EXTINF:.*,(.*)$/gm)].map(([, name]) => name)
}
export const ids = async () => {
  const { text } = await fixture.playlist()
  return Object.fromEntries(
    [...text.matchAll(/,(.*)\n(?:#.*\n)*.*\/stream\/(\d+)\.ts/g)].map(([, name, id]) => [name, id]),
  )
}
