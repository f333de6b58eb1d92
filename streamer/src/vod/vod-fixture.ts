import { randomUUID } from "node:crypto"
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { createAdaptorServer, type HttpBindings } from "@hono/node-server"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { sourceSchema } from "@tributary/shared/config/config-file"
import { type Admission, admit, pastOf } from "@tributary/shared/lease/admit"
import { log } from "@tributary/shared/log/log"
import { saveSources } from "@tributary/shared/store/save-config"
import { signTicket, type Ticket, ticketFrom } from "@tributary/shared/ticket"
import { Hono } from "hono"
import { BufferBudget } from "../fan-out/buffer-budget.ts"
import { WritePace } from "../fan-out/write-pace.ts"
import { vod as vodRoute } from "../http/vod.ts"
import { noMetrics } from "../metrics/stream-metrics.ts"
import { channelId, findChannel, ticketOf, type World } from "../pool/pool-fixture.ts"
import { StreamPool } from "../pool/stream-pool.ts"
import { LeaseKeeper } from "../session/lease-keeper.ts"
import { SessionDirectory } from "../session/session-directory.ts"
import { ConfigDirectory } from "../store/config-directory.ts"
import type { OpenPast } from "./past-player.ts"
import { Vod } from "./vod.ts"

export interface VodStreamerOptions {
  lingerMilliseconds?: number
  openPast?: OpenPast
}

const film = (stream: number, source = "demo") => ({
  id: `film-feed-${stream}`,
  source,
  locator: { kind: "xtream", type: "movie", streamId: String(stream), extension: "mp4" } as const,
})

/** Films by their number; film 12 has two feeds: the provider's 101 and 102. */
export function filmOf(number: number): IndexedChannel {
  const feeds = number === 12 ? [film(101), film(102)] : [film(number)]
  return { kind: "movie", name: `Film ${number}`, groups: [], feeds }
}

const filmId = (number: number) => `film-${number}`

const catalogue = (id: string) =>
  id.startsWith("film-") ? filmOf(Number(id.slice("film-".length))) : findChannel(id)

/** The one source is at another address from now on. */
export async function moveSource(world: World, url: string, maxStreams = 1): Promise<void> {
  const account = { username: "demo", password: "demo" }
  const source = { ...account, id: "demo", name: "Demo", type: "xtream", url, maxStreams, order: 1 }
  const parsed = sourceSchema.parse({
    ...source,
    enabled: true,
    live: true,
    vod: true,
    series: true,
    profiles: [],
  })
  await saveSources(world.redis, world.keys, [parsed], "file", { replace: true })
}

export interface Asker {
  viewer?: string | null
  address?: string
  session?: string
}

/** What the edge does with a request for a film: the requests of a viewer from an address are one session. */
export function admitFilm(world: World, number: number, { viewer = null, address = "tv" }: Asker = {}) {
  return admitSolo(world, filmId(number), filmOf(number), { viewer, address })
}

export async function admitSolo(
  world: World,
  id: string,
  channel: IndexedChannel,
  { viewer = null, address = "tv" }: Asker,
): Promise<Admission> {
  return admit(world.run, {
    lease: randomUUID(),
    session: randomUUID().slice(0, 8),
    viewer: viewer === null ? null : { username: viewer, check: "trusted" },
    address,
    channelId: id,
    channel,
    owner: `${viewer ?? ""}${address}`,
    region: "",
  })
}

export async function filmTicket(world: World, number: number, asker: Asker = {}): Promise<Ticket> {
  const admission = await admitFilm(world, number, asker)
  return { ...ticketOf(admission, 1), channel: filmId(number) }
}

export async function pastTicket(world: World, start: number, asker: Asker = {}): Promise<Ticket> {
  const channel = findChannel(channelId(1)) as IndexedChannel
  const admission = await admitSolo(world, pastOf(channelId(1)), channel, asker)
  if (admission.code !== "open" && admission.code !== "join") throw new Error(`refused: ${admission.code}`)
  return ticketFrom(admission, channelId(1), { transcode: null, catchup: { start, seconds: 600 } })
}

/** One streamer with live streams and playbacks, on a port of its own. */
export async function startVodStreamer(
  world: World,
  { lingerMilliseconds = 10_000, openPast = noPast }: VodStreamerOptions = {},
) {
  const streamer = randomUUID().slice(0, 8)
  const config = await ConfigDirectory.open(world.redis, world.keys)
  const sessions = new SessionDirectory()
  let address = ""
  const logger = log("test", "vod")
  const keeper = new LeaseKeeper({
    ...{ run: world.run, streamer, logger },
    record: () => ({
      ...{ address, internalAddress: address, region: "", viewers: vod.viewers, maxViewers: null },
      ...{ streams: pool.streams.size, draining: false, version: "test" },
    }),
    onBeat: () => undefined,
    onLeaseLost: (lease) =>
      Promise.all([pool.closeLease(lease, "lease-lost"), vod.closeLease(lease, "lease-lost")]),
    onSessionLost: (member) => sessions.end(member),
  })
  const common = {
    ...{ streamer, run: world.run, redis: world.redis, keeper, config, metrics: noMetrics, logger },
    findChannel: async (id: string) => catalogue(id),
    openRelay: async () => ({ ok: false, failure: { code: "refused" } }) as const,
    endSession: (member: string) => sessions.end(member),
    ...{ now: Date.now, monotonic: () => performance.now(), random: Math.random },
    onRefusal: () => undefined,
  }
  const pool: StreamPool = new StreamPool({
    ...common,
    openSlate: async () => null,
    closePlayback: (lease, reason) => vod.closeLease(lease, reason),
    share: { budget: new BufferBudget(() => 2 ** 28), pace: new WritePace(() => performance.now()) },
    outageMilliseconds: 8_000,
  })
  const vod: Vod = new Vod({
    ...common,
    ...{ closed: pool.connector, accounts: pool.accounts, lingerMilliseconds, openPast },
    closeLease: (lease) => pool.closeLease(lease, "yielded"),
  })
  const play = { keeper, sessions, metrics: noMetrics, logger }
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.get("/vod/:file", (context) => vodRoute({ keys: world.keys, vod, play, now: Date.now }, context))
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await keeper.start()
  const nowSeconds = () => Math.floor(Date.now() / 1000)
  return {
    ...{ vod, pool, keeper, sessions, config, address },
    url: async (ticket: Ticket, extension = "mp4") =>
      `${address}/vod/${await signTicket(world.keys, ticket, nowSeconds())}.${extension}`,
    async close() {
      await vod.close()
      await pool.close()
      await keeper.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ("closeAllConnections" in server) server.closeAllConnections()
      })
    },
  }
}

export type VodStreamer = Awaited<ReturnType<typeof startVodStreamer>>

const noPast: OpenPast = async () => ({ ok: false, failure: { code: "bad_address" } })

/** An answer whose body is read when the test likes. */
export interface OpenAnswer {
  status: number
  headers: IncomingHttpHeaders
  /** The next so many bytes, or fewer where the body ends. */
  take(bytes: number): Promise<Buffer>
  /** All that is left; `isWhole` is false where the connection broke. */
  rest(): Promise<{ body: Buffer; isWhole: boolean }>
  leave(): void
}

/** One request over a connection of its own, as players make them. */
export function ask(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<OpenAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (response) =>
      resolve(answerOf(response)),
    )
    request.once("error", reject)
    request.end()
  })
}

function answerOf(response: IncomingMessage): OpenAnswer {
  response.on("error", () => undefined)
  const take = async (bytes: number) => {
    const pieces: Buffer[] = []
    let left = bytes
    while (left > 0 && !response.readableEnded && !response.destroyed) {
      const piece: Buffer | null = response.read(Math.min(left, Math.max(1, response.readableLength)))
      if (piece === null) await news(response)
      else {
        pieces.push(piece)
        left -= piece.length
      }
    }
    return Buffer.concat(pieces)
  }
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    take,
    rest: async () => ({ body: await take(Number.POSITIVE_INFINITY), isWhole: response.complete }),
    leave: () => response.destroy(),
  }
}

function news(response: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ["readable", "end", "close"]) response.off(event, done)
      resolve()
    }
    for (const event of ["readable", "end", "close"]) response.once(event, done)
  })
}
