import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { CatchupLog } from "./catchup-log.ts"
import { type DemoChannel, defaultChannels, demoMovie, lowVariant, type Recipe } from "./channels.ts"
import { ConnectionLedger } from "./connection-ledger.ts"
import { type Control, createControl } from "./control.ts"
import { FaultBook } from "./faults.ts"
import { HlsSessions } from "./hls-sessions.ts"
import { HlsTally } from "./hls-tally.ts"
import { HlsTokens } from "./hls-tokens.ts"
import { indexLoop } from "./index-loop.ts"
import { LiveChannel } from "./live-channel.ts"
import type { ProviderState, RunningChannel } from "./provider-state.ts"
import { RedirectTokens } from "./redirect-tokens.ts"
import { createRenderer, type Renderer, runFfmpeg } from "./render.ts"
import { framesPerSecond, gopFrames, loopTicks90kHz } from "./render-arguments.ts"
import { route } from "./routes.ts"
import { type AccountInput, accountSchema, type SettingsChange, settingsSchema } from "./settings.ts"

const tickMs = 40
const gopSeconds = gopFrames / framesPerSecond
/** As panels do: two target durations (of 2 s) and 5 s after its last request an HLS session is over. */
const hlsIdleMs = 2 * 2000 + 5000

export type DemoProviderOptions = {
  /** Where rendered loops are kept; a second start with the same folder renders nothing. */
  dataDir: string
  /** 0, the default, takes any free port. */
  port?: number
  host?: string
  accounts?: AccountInput[]
  channels?: DemoChannel[]
  settings?: SettingsChange
  movieSeconds?: number
  /** Milliseconds since 1970. */
  now?: () => number
  /** Ends a start that is still rendering, and its ffmpeg with it. */
  signal?: AbortSignal
}

export type DemoProvider = Control & {
  url: string
  channels: Pick<DemoChannel, "id" | "name" | "group" | "tvgId">[]
  /** Idempotent; resolves when the port is free and no connection is left. */
  close: () => Promise<void>
}

/** Never goes back when the machine's clock is set, so that the endless channels do not either. */
const monotonicNow = () => performance.timeOrigin + performance.now()

/** Renders what is missing, then listens. Rejects with ffmpeg's words, or when the port is in use. */
export async function startDemoProvider(options: DemoProviderOptions): Promise<DemoProvider> {
  const now = options.now ?? monotonicNow
  // When one rendering fails the others are stopped, and their files gone, before the start is given up.
  const failed = new AbortController()
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])])
  const renderer = createRenderer(options.dataDir, (args) => runFfmpeg(args, signal))
  const seconds = options.movieSeconds ?? demoMovie.durationSeconds
  const wanted = options.channels ?? defaultChannels
  const rendering = [
    Promise.all(wanted.map((channel) => runChannel(renderer, channel, now))),
    renderer.movie(demoMovie.recipe, seconds),
  ] as const
  const [channels, movie] = await Promise.all(rendering).catch(async (error: unknown) => {
    failed.abort()
    await renderer.close()
    throw error
  })
  const accounts = (options.accounts ?? [{ username: "demo", password: "demo" }]).map((input) =>
    accountSchema.parse(input),
  )
  const ledger = new ConnectionLedger(now)
  const state: ProviderState = {
    now,
    settings: settingsSchema.parse(options.settings ?? {}),
    accounts: new Map(accounts.map((account) => [account.username, account])),
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    movie: { ...movie, seconds },
    ledger,
    faults: new FaultBook(),
    sessions: new HlsSessions(ledger, now, hlsIdleMs),
    hlsTokens: new HlsTokens(now),
    hlsTally: new HlsTally(),
    catchup: new CatchupLog(),
    redirects: new RedirectTokens(now),
    live: new Set(),
  }
  const control = createControl(state)
  const { url, close } = await listen(state, control, options.port ?? 0, options.host ?? "127.0.0.1")
  return {
    ...control,
    url,
    channels: channels.map(({ id, name, group, tvgId }) => ({ id, name, group, tvgId })),
    close,
  }
}

async function runChannel(
  renderer: Renderer,
  channel: DemoChannel,
  now: () => number,
): Promise<RunningChannel> {
  const live = async (recipe: Recipe) =>
    new LiveChannel(indexLoop(await renderer.loop(recipe), loopTicks90kHz, gopSeconds), () => now() / 1000)
  const [full, low] = await Promise.all([live(channel.recipe), live(lowVariant(channel.recipe))])
  return { ...channel, full, low }
}

async function listen(state: ProviderState, control: Control, port: number, host: string) {
  const server = createServer((request, response) => {
    // A client that breaks off is no event for a provider.
    response.on("error", () => response.destroy())
    route(state, control, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { "content-type": "text/plain" }).end(`${error}\n`)
    })
  })
  server.on("connection", (socket) => socket.setNoDelay(true))
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, resolve)
  })
  const ticker = setInterval(() => {
    for (const { full } of state.channels.values()) full.tick()
  }, tickMs)
  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= new Promise<void>((resolve) => {
      clearInterval(ticker)
      server.close(() => resolve())
      server.closeAllConnections()
    })
    return closing
  }
  const { port: bound } = server.address() as AddressInfo
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`, close }
}
