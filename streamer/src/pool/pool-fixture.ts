import { randomUUID } from "node:crypto"
import { setTimeout as delay } from "node:timers/promises"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { sourceSchema } from "@tributary/shared/config/config-file"
import { type Admission, admit, isAdmitted } from "@tributary/shared/lease/admit"
import { bindScripts } from "@tributary/shared/lease/scripts"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { keys as stored } from "@tributary/shared/store/keys"
import type { LiveRecord } from "@tributary/shared/store/records"
import { replaceSettings, saveSources, saveViewers } from "@tributary/shared/store/save-config"
import { type Ticket, ticketFrom } from "@tributary/shared/ticket"
import { Redis } from "@upstash/redis"
import { smallChannels, temporaryFolder } from "../../../infra/local/demo-provider/loop-for-tests.ts"
import { startDemoProvider } from "../../../infra/local/demo-provider/start-demo-provider.ts"
import { startFixture, TOKEN } from "../../../infra/local/gateway/gateway-fixture.ts"
import { readScriptSources } from "../store/script-sources.ts"

const secret = "a secret for tests, which is long enough"
const account = { username: "demo", password: "demo" }
/** Another account of the same provider, for one connection. */
export const spare = { username: "spare", password: "spare-secret" }

/** Resolves when it holds; rejects with what was waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMilliseconds = 6_000,
): Promise<void> {
  const deadline = performance.now() + deadlineMilliseconds
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not so in time: ${what}`)
    await delay(5)
  }
}

/** What all tests of a file share: a real store, and a real provider with one account of one connection. */
export async function startWorld() {
  const folder = await temporaryFolder()
  const [store, provider, keys] = await Promise.all([
    startFixture(),
    startDemoProvider({
      dataDir: folder.path,
      channels: smallChannels,
      movieSeconds: 2,
      accounts: [account, { ...spare, maxConnections: 1 }],
    }),
    deriveKeys(secret),
  ])
  const redis = new Redis({
    url: store.gateway.url,
    token: TOKEN,
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(1_000),
  })
  const run = bindScripts(redis, readScriptSources())

  /** Everything as after a fresh installation with the demo provider as its one source, and these profiles of it. */
  async function reset(
    settings: Parameters<typeof replaceSettings>[1] = {},
    maxStreams = 1,
    profiles: { name: string; username: string; password: string; maxStreams?: number }[] = [],
  ) {
    provider.clearFaults()
    provider.setSettings({ whenFull: 403, releaseLagMs: 0, redirect: false })
    provider.setSettings({ hlsEncryption: "none", hlsDiscontinuityEvery: 0, hlsWindow: 6 })
    provider.setAccount("demo", { maxConnections: maxStreams, status: "Active" })
    provider.setAccount("spare", { status: "Active" })
    // A session of HLS is counted for 9 s after its last request.
    await until("the account is free", () => provider.account("demo")?.activeConnections === 0, 12_000)
    provider.resetPeak()
    await redis.flushdb()
    const source = {
      ...account,
      id: "demo",
      name: "Demo",
      type: "xtream",
      url: provider.url,
      maxStreams,
      order: 1,
      enabled: true,
      live: true,
      vod: true,
      series: true,
      profiles,
    }
    const ann = { username: "ann", password: "secret", maxStreams: 1, enabled: true, whenFull: "refuse" }
    const bob = { ...ann, username: "bob", maxStreams: null }
    const config = { replace: true }
    await saveSources(redis, keys, [sourceSchema.parse(source)], "file", config)
    await saveViewers(redis, keys, [ann, bob] as never, "file", config)
    await replaceSettings(redis, { publicPlaylist: true, poolGrace: "10s", stallTimeout: "2s", ...settings })
  }

  const none = { active: 0, peak: 0, opened: 0, refused: 0 }
  const tally = (username = "demo") => provider.connections().accounts[username] ?? none
  const active = () => tally().active

  return {
    store,
    provider,
    redis,
    run,
    keys,
    reset,
    /** The provider's own counts of an account. */
    tally,
    active,
    /** Leases that the store counts for the provider's one profile. */
    leases: async () => (await redis.zrange<string[]>(stored.leases("demo"), 0, -1)).length,
    liveRecord: async (channel: number) => {
      const text = await redis.hget<string>(stored.live, channelId(channel))
      return text === null ? null : (JSON.parse(text) as LiveRecord)
    },
    sessions: (viewer: string) => redis.zrange<string[]>(stored.sessions(viewer), 0, -1),
    /** What the edge does with a player's request. */
    admit: (
      channel: number,
      viewer: string | null = null,
      region = "",
      address = "address",
    ): Promise<Admission> =>
      admit(run, {
        lease: randomUUID(),
        session: randomUUID().slice(0, 8),
        viewer: viewer === null ? null : { username: viewer, check: "trusted" },
        address,
        channelId: channelId(channel),
        channel: channelOf(channel),
        region,
      }),
    async close() {
      await Promise.all([store.close(), provider.close()])
      await folder.remove()
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

export const channelId = (channel: number) => `channel-${channel}`

/** Channel 8 has two feeds: the provider's streams 1 and 2. Channel 10 is stream 1 as HLS, then stream 2. */
export function channelOf(channel: number): IndexedChannel {
  const feed = (id: string, stream: number, extension = "ts") => {
    const locator = { kind: "xtream", streamId: String(stream), extension } as const
    return { id, source: "demo", locator }
  }
  if (channel === 10) return { name: "HLS", groups: [], feeds: [feed("hls", 1, "m3u8"), feed("second", 2)] }
  const feeds = channel === 8 ? [feed("first", 1), feed("second", 2)] : [feed(`feed-${channel}`, channel)]
  return { name: `Channel ${channel}`, groups: [], feeds }
}

/** Channels that these tests know; anything else is not in the catalogue. */
export function findChannel(id: string): IndexedChannel | null {
  const channel = Number(id.replace("channel-", ""))
  return channel >= 1 && channel <= 10 ? channelOf(channel) : null
}

/** The ticket that the edge makes from an admission; fails the test when it was refused. */
export function ticketOf(admission: Admission, channel: number): Ticket {
  if (!isAdmitted(admission)) throw new Error(`refused: ${admission.code}`)
  return ticketFrom(admission, channelId(channel))
}

/** An `ObtainOptions` of a player who stays. */
export const staying = () => ({ isFresh: true, left: new AbortController().signal })
