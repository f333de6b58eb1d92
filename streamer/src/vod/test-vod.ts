import { randomBytes } from "node:crypto"
import { afterAll, afterEach, beforeAll } from "vitest"
import { startWorld, until, type World } from "../pool/pool-fixture.ts"
import { type FileServer, type FileServerSettings, startFileServer } from "./file-server.ts"
import { moveSource, startVodStreamer, type VodStreamer, type VodStreamerOptions } from "./vod-fixture.ts"

/** What the tests of a file share, from their start on. */
export let world: World
export let provider: FileServer
const streamers: VodStreamer[] = []

/** Starts a store and a provider of files for all tests of a file, and ends what each of them began. */
export function useVodWorld(): void {
  beforeAll(async () => {
    ;[world, provider] = await Promise.all([startWorld(), startFileServer()])
  })
  afterEach(async () => {
    for (const streamer of streamers.splice(0)) await streamer.close()
  })
  afterAll(() => Promise.all([world.close(), provider.close()]))
}

export const mebibyte = 1024 * 1024

/** Bytes of which no two places are alike. */
export const fileOf = (bytes: number) => randomBytes(bytes)

export interface Setting {
  settings?: Parameters<World["reset"]>[0]
  provider?: Partial<FileServerSettings>
  streamer?: VodStreamerOptions
  maxStreams?: number
}

/** A fresh installation whose one source is the provider of files, with an account of one connection. */
export async function serving(file: Buffer, setting: Setting = {}): Promise<VodStreamer> {
  const { settings, provider: habits, streamer, maxStreams = 1 } = setting
  await world.reset(settings, maxStreams)
  provider.serve(file, habits)
  await moveSource(world, provider.url, maxStreams)
  return running(await startVodStreamer(world, streamer))
}

/** Closes it when the test ends. */
export function running(streamer: VodStreamer): VodStreamer {
  streamers.push(streamer)
  return streamer
}

export const slotsFree = () =>
  until("the slot is free", async () => (await world.leases()) === 0 && provider.counts().active === 0)
